using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace TwistedPS.Engine.Datagrams;

/// <summary>
/// A few datagrams received with one system call of Linux, and handed out one by one. What has not been handed out stays.
/// </summary>
internal sealed class LinuxReadAhead
{
    private const int Most = 8;
    private const int SlotLength = 65536;

    // Pinned, as the kernel is given addresses in them. Of the large one, only the pages that datagrams reach take memory.
    private readonly byte[] _data = GC.AllocateUninitializedArray<byte>(Most * SlotLength, pinned: true);
    private readonly byte[] _addresses;
    private readonly LinuxMessage[] _messages = GC.AllocateArray<LinuxMessage>(Most, pinned: true);
    private readonly LinuxVector[] _vectors = GC.AllocateArray<LinuxVector>(Most, pinned: true);
    private readonly int _addressLength;
    private int _count;
    private int _next;

    /// <param name="addressLength">The length of the longest address.</param>
    public LinuxReadAhead(int addressLength)
    {
        _addressLength = addressLength;
        _addresses = GC.AllocateArray<byte>(Most * addressLength, pinned: true);
        for (int i = 0; i < Most; i++)
        {
            _vectors[i] = new LinuxVector(Marshal.UnsafeAddrOfPinnedArrayElement(_data, i * SlotLength), SlotLength);
            _messages[i].Address = Marshal.UnsafeAddrOfPinnedArrayElement(_addresses, i * addressLength);
            _messages[i].Vectors = Marshal.UnsafeAddrOfPinnedArrayElement(_vectors, i);
            _messages[i].VectorCount = 1;
        }
    }

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

        ref LinuxMessage message = ref _messages[_next];
        data = _data.AsSpan(_next * SlotLength, (int)message.Length);
        from.Size = (int)Math.Min(message.AddressLength, _addressLength);
        _addresses.AsSpan(_next * _addressLength, from.Size).CopyTo(from.Buffer.Span);
        _next++;
        return SocketError.Success;
    }

    private SocketError Fill(Socket socket)
    {
        foreach (ref LinuxMessage message in _messages.AsSpan())
            message.AddressLength = (uint)_addressLength;
        _next = 0;
        return LinuxDatagrams.Receive(socket, _messages, out _count);
    }
}
