namespace TwistedPS;

/// <summary>A signal of POSIX. The values are the same on every UNIX.</summary>
public enum ProcessSignal
{
    /// <summary>SIGHUP: for many a daemon, read the configuration again.</summary>
    Hangup = 1,

    /// <summary>SIGINT: what Ctrl+C sends.</summary>
    Interrupt = 2,

    /// <summary>SIGQUIT: end, and leave a core dump.</summary>
    Quit = 3,

    /// <summary>SIGKILL: end at once; it can't be caught.</summary>
    Kill = 9,

    /// <summary>SIGTERM: end in good order.</summary>
    Terminate = 15,
}
