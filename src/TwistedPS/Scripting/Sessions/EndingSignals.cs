using System.Runtime.InteropServices;

namespace TwistedPS.Scripting;

/// <summary>
/// The signals that ask a process to end, as a graceful stop of all sessions: SIGTERM and SIGHUP; on Windows a shutdown and
/// a closed console, which .NET reports as these. They are handled while there are reactors, and otherwise do what they did.
/// </summary>
internal static class EndingSignals
{
    // Some send a signal to a process and to its group, and a terminal that closes tells the shell, which tells its jobs.
    private const long SameSignal = 500;
    private const int FirstExitCode = 128;

    // The thread that handles a signal has to wait for its turn on a busy machine.
    private static readonly TimeSpan s_signalDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestStop = TimeSpan.FromSeconds(15);
    private static readonly (PosixSignal Signal, int Number)[] s_signals = [(PosixSignal.SIGTERM, 15), (PosixSignal.SIGHUP, 1)];
    private static readonly ManualResetEventSlim s_stopped = new();
    private static PosixSignalRegistration[] s_registrations = [];
    private static long s_receivedAt;
    private static int s_exitCode;

    /// <summary>Handles them from now on. Not at the same time as <see cref="Unwatch"/>.</summary>
    public static void Watch()
    {
        if (s_registrations.Length > 0)
            return;
        s_registrations = [.. s_signals.Select(it => PosixSignalRegistration.Create(it.Signal, context => Handle(context, it.Number)))];
        AppDomain.CurrentDomain.UnhandledException += HoldCrash;
    }

    /// <summary>Leaves them to others again, unless one of them ends the process already.</summary>
    public static void Unwatch()
    {
        if (IsStopping)
            return;
        AppDomain.CurrentDomain.UnhandledException -= HoldCrash;
        foreach (PosixSignalRegistration registration in s_registrations)
            registration.Dispose();
        s_registrations = [];
    }

    /// <summary>Lets a stop that one of them has begun finish, where the process would exit by itself meanwhile.</summary>
    public static void WaitForStop()
    {
        if (IsStopping)
            s_stopped.Wait(s_longestStop);
    }

    private static bool IsStopping => Volatile.Read(ref s_receivedAt) != 0;

    /// <summary>
    /// Holds back the crash of a shell that can't read from its closed terminal any more, which would be quicker than the stop
    /// for which that very terminal has sent a signal.
    /// </summary>
    private static void HoldCrash(object sender, UnhandledExceptionEventArgs crash)
    {
        if (crash.ExceptionObject is not IOException || !SpinWait.SpinUntil(() => IsStopping, s_signalDelay))
            return;
        WaitForStop();
        Environment.Exit(s_exitCode);
    }

    // When it returns, .NET does what the signal does by itself: the process ends, and is seen to have ended by it.
    private static void Handle(PosixSignalContext context, int number)
    {
        long now = Environment.TickCount64;
        long first = Interlocked.CompareExchange(ref s_receivedAt, now, 0);
        if (first != 0)
        {
            context.Cancel = now - first < SameSignal;
            if (!context.Cancel)
                Session.KillProcesses();
            return;
        }

        // For a script that ends by itself as soon as it has nothing more to wait for.
        s_exitCode = FirstExitCode + number;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Environment.ExitCode = s_exitCode;
        try
        {
            Session.EndAll();
        }
        catch (AggregateException)
        {
            // Such as of a terminal that is gone, and can't show the last warnings. The process ends all the same.
        }
        finally
        {
            s_stopped.Set();
        }
    }
}
