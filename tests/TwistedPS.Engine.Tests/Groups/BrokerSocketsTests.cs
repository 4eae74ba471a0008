using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Tests;

public sealed class BrokerSocketsTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly BrokerSockets _sockets = new();

    public BrokerSocketsTests()
    {
        _listener.Start();
        _sockets.Add("use", _socket);
        _socket.Connect(_listener.LocalEndpoint);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public async Task What_was_not_sent_is_dropped_by_an_abort()
    {
        using Socket peer = await _listener.AcceptSocketAsync();
        long sent = Fill();

        _sockets.Abort();

        (long received, bool isReset) = Drain(peer);
        Assert.True(isReset);
        Assert.InRange(received, 0, sent - 1);
    }

    [Fact]
    public async Task What_was_not_sent_arrives_after_the_end()
    {
        using Socket peer = await _listener.AcceptSocketAsync();
        long sent = Fill();

        _sockets.KeepRest();
        _socket.Dispose();

        Assert.Equal((sent, false), Drain(peer));
    }

    [Fact]
    public void A_socket_that_is_closed_is_passed_over()
    {
        _socket.Dispose();

        _sockets.KeepRest();
        _sockets.Abort();
    }

    /// <summary>Sends until there is no room, since the peer does not read.</summary>
    private long Fill()
    {
        byte[] bytes = new byte[1 << 20];
        _socket.Blocking = false;
        for (long sent = 0; ;)
        {
            sent += _socket.Send(bytes, 0, bytes.Length, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock && !_socket.Poll(TimeSpan.FromSeconds(1), SelectMode.SelectWrite))
                return sent;
        }
    }

    private static (long Received, bool IsReset) Drain(Socket peer)
    {
        byte[] bytes = new byte[1 << 20];
        long received = 0;
        while (true)
        {
            int count = peer.Receive(bytes, 0, bytes.Length, SocketFlags.None, out SocketError error);
            received += count;
            if (count == 0)
                return (received, error == SocketError.ConnectionReset);
        }
    }
}
