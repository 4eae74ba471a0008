namespace TwistedPS;

/// <summary>A POSIX signal. The values are the same on every UNIX.</summary>
public enum ProcessSignal
{
    /// <summary>SIGHUP: for many daemons, reload the configuration.</summary>
    Hangup = 1,

    /// <summary>SIGINT: interrupt, as Ctrl+C does.</summary>
    Interrupt = 2,

    /// <summary>SIGQUIT: end, and leave a core dump.</summary>
    Quit = 3,

    /// <summary>SIGKILL: end at once; it can't be caught.</summary>
    Kill = 9,

    /// <summary>SIGTERM: end gracefully.</summary>
    Terminate = 15,
}
