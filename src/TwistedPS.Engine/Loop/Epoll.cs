using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TwistedPS.Engine.Loop;

/// <summary>The system calls behind <see cref="EpollPoller"/>.</summary>
internal static partial class Epoll
{
    public const int Add = 1;
    public const int Modify = 3;

    public const uint In = 0x001;
    public const uint Out = 0x004;
    public const uint Error = 0x008;
    public const uint HangUp = 0x010;
    public const uint OneShot = 0x40000000;
    public const uint EdgeTriggered = 0x80000000;

    public const int Interrupted = 4;

    private const int Delete = 2;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    /// <summary>Whether epoll_event has no gap between its 32 bits of flags and 64 of data, as on x86 only.</summary>
    private static readonly bool s_packed =
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;

    public static int EventSize { get; } = s_packed ? 12 : 16;

    private static int DataOffset { get; } = s_packed ? 4 : 8;

    /// <exception cref="SocketException">The system forbids it, or lacks descriptors.</exception>
    public static int Create() => Check(epoll_create1(CloseOnExec), nameof(epoll_create1));

    /// <summary>Creates a handle, not a number: a late signal must not reach whatever has reused the number.</summary>
    public static SafeFileHandle CreateEvent() =>
        new(Check(eventfd(0, CloseOnExec | NonBlocking), nameof(eventfd)), ownsHandle: true);

    /// <exception cref="SocketException">The system has no room for another socket to watch.</exception>
    public static unsafe void Control(int epoll, int operation, int descriptor, uint events)
    {
        byte* item = stackalloc byte[16];
        *(uint*)item = events;
        *(long*)(item + DataOffset) = descriptor;
        Check(epoll_ctl(epoll, operation, descriptor, item), nameof(epoll_ctl));
    }

    /// <summary>Stops watching a descriptor, which is to be closed. That it is not watched is no error.</summary>
    public static unsafe void Forget(int epoll, int descriptor)
    {
        byte* item = stackalloc byte[16];
        _ = epoll_ctl(epoll, Delete, descriptor, item);
    }

    /// <returns>The number of events; also 0 when a signal interrupted the wait.</returns>
    public static unsafe int Wait(int epoll, byte[] events, int timeout)
    {
        fixed (byte* first = events)
        {
            int count = epoll_wait(epoll, first, events.Length / EventSize, timeout);
            return count < 0 && Marshal.GetLastPInvokeError() == Interrupted ? 0 : Check(count, nameof(epoll_wait));
        }
    }

    /// <summary>Returns an event that <see cref="Wait"/> has stored.</summary>
    public static (uint Events, int Descriptor) EventAt(byte[] events, int index)
    {
        ReadOnlySpan<byte> item = events.AsSpan(index * EventSize, EventSize);
        return (MemoryMarshal.Read<uint>(item), (int)MemoryMarshal.Read<long>(item[DataOffset..]));
    }

    /// <exception cref="ObjectDisposedException">The event is closed.</exception>
    public static unsafe void Signal(SafeFileHandle signalled)
    {
        ulong one = 1;
        _ = write(signalled, (byte*)&one, sizeof(ulong));
    }

    public static unsafe void Clear(SafeFileHandle signalled)
    {
        ulong count;
        _ = read(signalled, (byte*)&count, sizeof(ulong));
    }

    public static void Close(int descriptor) => _ = close(descriptor);

    // What the system refuses here is memory, descriptors, or more sockets than a user may watch.
    private static int Check(int result, string call) => result >= 0 ? result : throw new SocketException(
        (int)SocketError.NoBufferSpaceAvailable, $"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_ctl(int epoll, int operation, int descriptor, byte* item);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_wait(int epoll, byte* events, int capacity, int timeout);

    [LibraryImport("libc")]
    private static unsafe partial nint read(SafeFileHandle descriptor, byte* buffer, nuint count);

    [LibraryImport("libc")]
    private static unsafe partial nint write(SafeFileHandle descriptor, byte* buffer, nuint count);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
