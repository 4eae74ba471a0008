using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace TwistedPS.Engine.Datagrams;

/// <summary>
/// Linux's calls for datagrams. .NET's own throw when there is nothing, and to look first costs as much again as to receive.
/// </summary>
internal static partial class LinuxDatagrams
{
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;

    private static readonly Dictionary<int, SocketError> s_errors = new()
    {
        [1] = SocketError.AccessDenied,
        [2] = SocketError.AddressNotAvailable,
        [11] = SocketError.WouldBlock,
        [13] = SocketError.AccessDenied,
        [22] = SocketError.InvalidArgument,
        [32] = SocketError.Shutdown,
        [90] = SocketError.MessageSize,
        [91] = SocketError.ProtocolType,
        [97] = SocketError.AddressFamilyNotSupported,
        [99] = SocketError.AddressNotAvailable,
        [100] = SocketError.NetworkDown,
        [101] = SocketError.NetworkUnreachable,
        [104] = SocketError.ConnectionReset,
        [105] = SocketError.NoBufferSpaceAvailable,
        [107] = SocketError.NotConnected,
        [111] = SocketError.ConnectionRefused,
        [112] = SocketError.HostDown,
        [113] = SocketError.HostUnreachable,
    };

    /// <summary>Receives a datagram, if there is one.</summary>
    public static unsafe SocketError Receive(Socket socket, Span<byte> buffer, SocketAddress from, out int count)
    {
        fixed (byte* data = buffer)
        fixed (byte* address = from.Buffer.Span)
        {
            int length = from.Buffer.Length;
            count = (int)recvfrom(socket.SafeHandle, data, (nuint)buffer.Length, DontWait, address, &length);
            if (count < 0)
                return LastError();
            from.Size = Math.Min(length, from.Buffer.Length);
            return SocketError.Success;
        }
    }

    /// <summary>Receives as many datagrams as there are and as there is room for, at least one.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="messages">The places to receive into, pinned.</param>
    /// <param name="count">The number received.</param>
    public static unsafe SocketError Receive(Socket socket, LinuxMessage[] messages, out int count)
    {
        fixed (LinuxMessage* first = messages)
            count = recvmmsg(socket.SafeHandle, first, (uint)messages.Length, DontWait, timeout: 0);
        if (count >= 0)
            return SocketError.Success;
        count = 0;
        return LastError();
    }

    /// <summary>
    /// Sends a datagram, to the peer of a connected socket if there is no address. From any thread; another one may close the socket.
    /// </summary>
    public static unsafe SocketError Send(Socket socket, ReadOnlySpan<byte> bytes, SocketAddress? to)
    {
        try
        {
            fixed (byte* data = bytes)
            fixed (byte* address = to is null ? default : to.Buffer.Span)
            {
                nint sent = sendto(socket.SafeHandle, data, (nuint)bytes.Length, DontWait | NoSignal, address, to?.Size ?? 0);
                return sent >= 0 ? SocketError.Success : LastError();
            }
        }
        catch (ObjectDisposedException)
        {
            return SocketError.NotConnected;
        }
    }

    /// <summary>
    /// Sends datagrams, up to the first that can't be sent now. From any thread; another one may close the socket.
    /// </summary>
    /// <returns>The number sent.</returns>
    public static unsafe int Send(Socket socket, ReadOnlySpan<LinuxMessage> messages)
    {
        try
        {
            fixed (LinuxMessage* first = messages)
                return Math.Max(sendmmsg(socket.SafeHandle, first, (uint)messages.Length, DontWait | NoSignal), 0);
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    private static SocketError LastError() => s_errors.GetValueOrDefault(Marshal.GetLastPInvokeError(), SocketError.SocketError);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint recvfrom(SafeSocketHandle socket, byte* data, nuint length, int flags, byte* address, int* addressLength);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int recvmmsg(SafeSocketHandle socket, LinuxMessage* messages, uint count, int flags, nint timeout);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint sendto(SafeSocketHandle socket, byte* data, nuint length, int flags, byte* address, int addressLength);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int sendmmsg(SafeSocketHandle socket, LinuxMessage* messages, uint count, int flags);
}
