using System.ComponentModel;
using System.Runtime.InteropServices;

namespace TwistedPS.Engine.Processes;

/// <summary>The system call that sends signals.</summary>
internal static partial class Signals
{
    private const int NoSuchProcess = 3;
    private const int StopOnLinux = 19;

    /// <summary>Sends a signal; a process that has ended meanwhile needs none.</summary>
    /// <exception cref="Win32Exception">The signal is not permitted.</exception>
    public static void Send(int process, ProcessSignal signal) => Send(process, (int)signal);

    /// <summary>Suspends a process. On Linux only.</summary>
    /// <exception cref="Win32Exception">The signal is not permitted.</exception>
    public static void Stop(int process) => Send(process, StopOnLinux);

    private static void Send(int process, int signal)
    {
        if (kill(process, signal) != 0 && Marshal.GetLastPInvokeError() is not NoSuchProcess and int error)
            throw new Win32Exception(error);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
