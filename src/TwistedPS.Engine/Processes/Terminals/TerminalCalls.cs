using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TwistedPS.Engine.Processes;

/// <summary>The system calls behind <see cref="PseudoTerminal"/>, with the numbers of Linux.</summary>
internal static partial class TerminalCalls
{
    public const int Interrupted = 4;
    public const int HungUp = 5;
    public const int WouldBlock = 11;

    private const int ReadAndWrite = 2;
    private const int NotOurTerminal = 0x100;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int DuplicateClosedOnExec = 1030;
    private const nuint GetModes = 0x5401;
    private const nuint SetModes = 0x5402;
    private const nuint SetWindowSize = 0x5414;
    private const uint InputIsUtf8 = 0x4000;
    private const int MostModes = 16;
    private const int LongestPath = 128;

    /// <summary>Opens a new pseudo-terminal, without waits, for this process only.</summary>
    /// <exception cref="Win32Exception">The system has none left, or no descriptor.</exception>
    public static SafeFileHandle Open()
    {
        var terminal = new SafeFileHandle(Check(posix_openpt(ReadAndWrite | NotOurTerminal | NonBlocking | CloseOnExec)), ownsHandle: true);
        try
        {
            Check(grantpt(terminal));
            Check(unlockpt(terminal));
            return terminal;
        }
        catch
        {
            terminal.Dispose();
            throw;
        }
    }

    /// <exception cref="Win32Exception">There is no descriptor left.</exception>
    public static SafeFileHandle Duplicate(SafeFileHandle terminal) =>
        new(Check(fcntl(terminal, DuplicateClosedOnExec, 0)), ownsHandle: true);

    /// <summary>Returns the path at which a program opens its end.</summary>
    public static unsafe string PathOf(SafeFileHandle terminal)
    {
        byte* path = stackalloc byte[LongestPath];
        int error = ptsname_r(terminal, path, LongestPath);
        return error == 0 ? Marshal.PtrToStringUTF8((nint)path)! : throw new Win32Exception(error);
    }

    /// <summary>Sets the size, of which the programs at it are told by SIGWINCH.</summary>
    public static unsafe void Resize(SafeFileHandle terminal, TerminalSize size)
    {
        ushort* window = stackalloc ushort[4] { (ushort)size.Rows, (ushort)size.Columns, 0, 0 };
        Check(ioctl(terminal, SetWindowSize, window));
    }

    /// <summary>Has Backspace erase a whole character of UTF-8, not one byte of it.</summary>
    public static unsafe void ExpectUtf8(SafeFileHandle terminal)
    {
        uint* modes = stackalloc uint[MostModes];
        Check(ioctl(terminal, GetModes, modes));
        modes[0] |= InputIsUtf8;
        Check(ioctl(terminal, SetModes, modes));
    }

    /// <returns>The number of bytes read; -1 for an error.</returns>
    public static unsafe int Read(SafeFileHandle terminal, Span<byte> buffer, out int error)
    {
        fixed (byte* first = buffer)
            return WithError((int)read(terminal, first, (nuint)buffer.Length), out error);
    }

    /// <returns>The number of bytes written; -1 for an error.</returns>
    public static unsafe int Write(SafeFileHandle terminal, ReadOnlySpan<byte> bytes, out int error)
    {
        fixed (byte* first = bytes)
            return WithError((int)write(terminal, first, (nuint)bytes.Length), out error);
    }

    private static int WithError(int count, out int error)
    {
        error = count < 0 ? Marshal.GetLastPInvokeError() : 0;
        return count;
    }

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", SetLastError = true)]
    private static partial int posix_openpt(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int grantpt(SafeFileHandle terminal);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unlockpt(SafeFileHandle terminal);

    [LibraryImport("libc")]
    private static unsafe partial int ptsname_r(SafeFileHandle terminal, byte* path, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeFileHandle terminal, int command, int argument);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int ioctl(SafeFileHandle terminal, nuint request, void* argument);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint read(SafeFileHandle terminal, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint write(SafeFileHandle terminal, byte* buffer, nuint count);
}
