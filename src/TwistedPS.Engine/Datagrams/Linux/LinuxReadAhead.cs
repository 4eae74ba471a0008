using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Engine.Datagrams;

/// <summary>
/// A few datagrams received with one system call of Linux, and handed out one by one. What has not been handed out stays.
/// </summary>
/// <param name="addressLength">The length of the longest address.</param>
internal sealed class LinuxReadAhead(int addressLength)
{
    private readonly LinuxSlots _slots = new(count: 32, length: 65536, addressLength);
    private int _count;
    private int _next;

    /// <summary>Whether there is a datagram that the system no longer has.</summary>
    public bool HasAny => _next < _count;

    /// <summary>Hands out the next datagram, after it has received more if there is none.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="from">Set to the sender.</param>
    /// <param name="data">The bytes, valid until the next call.</param>
    public SocketError Receive(Socket socket, SocketAddress from, out ReadOnlySpan<byte> data)
    {
        data = default;
        if (!HasAny)
        {
            SocketError error = Fill(socket);
            if (error != SocketError.Success)
                return error;
        }

        LinuxMessage message = _slots.Messages[_next];
        data = _slots.Data(_next)[..(int)message.Length];
        from.Size = (int)Math.Min(message.AddressLength, addressLength);
        _slots.Address(_next)[..from.Size].CopyTo(from.Buffer.Span);
        _next++;
        return SocketError.Success;
    }

    private SocketError Fill(Socket socket)
    {
        foreach (ref LinuxMessage message in _slots.Messages.AsSpan())
            message.AddressLength = (uint)addressLength;
        _next = 0;
        return LinuxDatagrams.Receive(socket, _slots.Messages, out _count);
    }
}
