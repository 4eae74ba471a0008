using System.ComponentModel;
using System.Runtime.InteropServices;

namespace TwistedPS.Engine.Processes;

/// <summary>The system call that sends signals.</summary>
internal static partial class Signals
{
    private const int NoSuchProcess = 3;

    /// <summary>Sends a signal; a process that has ended meanwhile needs none.</summary>
    /// <exception cref="Win32Exception">The signal is not permitted.</exception>
    public static void Send(int process, ProcessSignal signal)
    {
        if (kill(process, signal.Number) != 0 && Marshal.GetLastPInvokeError() is not NoSuchProcess and int error)
            throw new Win32Exception(error);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
