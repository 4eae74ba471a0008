using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace TwistedPS.Bench;

/// <summary>
/// A poller on Linux's epoll, edge-triggered: one system call a turn, and none to change the watched events.
/// </summary>
internal sealed partial class EpollPoller : IPoller
{
    private const int Batch = 256;
    private const int AddOperation = 1;
    private const uint InOrOut = 0x80000005;
    private const int Interrupted = 4;

    /// <summary>The offset of the data: the kernel packs epoll_event on x86 only.</summary>
    private static readonly int s_dataOffset =
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 4 : 8;

    private readonly int _epoll = Check(epoll_create1(0), nameof(epoll_create1));
    private readonly byte[] _events = new byte[Batch * (s_dataOffset + sizeof(long))];
    private readonly int[] _ready = new int[Batch];

    public unsafe void Add(Socket socket, int number)
    {
        byte* item = stackalloc byte[16];
        *(uint*)item = InOrOut;
        *(long*)(item + s_dataOffset) = number;
        Check(epoll_ctl(_epoll, AddOperation, (int)socket.Handle, item), nameof(epoll_ctl));
    }

    public void Remove(Socket socket)
    {
        // The system does that when it is closed.
    }

    public unsafe ReadOnlySpan<int> Wait(int milliseconds)
    {
        fixed (byte* first = _events)
        {
            int count = epoll_wait(_epoll, first, Batch, milliseconds);
            if (count < 0 && Marshal.GetLastPInvokeError() == Interrupted)
                return [];
            Check(count, nameof(epoll_wait));
            for (int i = 0; i < count; i++)
                _ready[i] = (int)*(long*)(first + (i * (s_dataOffset + sizeof(long))) + s_dataOffset);
            return _ready.AsSpan(0, count);
        }
    }

    public void Dispose() => _ = close(_epoll);

    private static int Check(int result, string call) => result >= 0
        ? result
        : throw new IOException($"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_ctl(int epoll, int operation, int descriptor, byte* item);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_wait(int epoll, byte* events, int capacity, int timeout);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
