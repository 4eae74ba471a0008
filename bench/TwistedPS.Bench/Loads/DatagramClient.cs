using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Bench;

/// <summary>A UDP socket that has datagrams echoed, each with a number of its own, and checks what comes back.</summary>
internal sealed class DatagramClient : IDisposable
{
    private readonly int _window;
    private readonly byte[] _datagram;
    private readonly byte[] _reply;
    private readonly Dictionary<long, long> _sentAt = [];
    private long _sent;

    /// <param name="server">The address of the server.</param>
    /// <param name="number">A number that no other client has.</param>
    /// <param name="window">The number of datagrams in flight.</param>
    /// <param name="length">The length of each, at least 16.</param>
    public DatagramClient(IPEndPoint server, int number, int window, int length)
    {
        (_window, _datagram, _reply) = (window, new byte[length], new byte[length + 1]);
        new Random(number).NextBytes(_datagram);
        Socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        Socket.Connect(server);
    }

    public Socket Socket { get; }

    public void Begin()
    {
        for (int i = 0; i < _window; i++)
            Send();
    }

    /// <summary>Receives and checks all that has arrived, and sends as many again.</summary>
    public void Pump(Meter meter)
    {
        while (true)
        {
            int count = Socket.Receive(_reply, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
                return;
            if (error != SocketError.Success)
                throw new IOException($"A socket has failed: {error}");
            long sentAt = Check(_reply.AsSpan(0, count));
            meter.CountBytes(count);
            meter.CountLine(sentAt, Stopwatch.GetTimestamp());
            Send();
        }
    }

    public void Dispose() => Socket.Dispose();

    /// <returns>The time when it was sent. Those of one socket may overtake each other where there are several processors.</returns>
    private long Check(ReadOnlySpan<byte> reply)
    {
        if (reply.Length != _datagram.Length
            || !_sentAt.Remove(BinaryPrimitives.ReadInt64LittleEndian(reply), out long sentAt)
            || !reply[sizeof(long)..].SequenceEqual(_datagram.AsSpan(sizeof(long))))
            throw new WrongReplyException("A datagram did not come back as it was sent.");
        return sentAt;
    }

    private void Send()
    {
        BinaryPrimitives.WriteInt64LittleEndian(_datagram, _sent);
        _sentAt.Add(_sent++, Stopwatch.GetTimestamp());
        Socket.Send(_datagram);
    }
}
