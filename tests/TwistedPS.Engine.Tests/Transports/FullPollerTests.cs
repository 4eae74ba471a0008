using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Tests;

/// <summary>A system that can't watch another socket refuses this one; the loop and the others go on.</summary>
public sealed class FullPollerTests
{
    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void A_connection_that_cant_be_watched_is_dropped_and_the_others_go_on(PollerKind kind)
    {
        var poller = new FullPoller(kind);
        using RunningReactor running = Run(poller);
        LineServer server = Start(running);
        using var first = new SocketPeer((IPEndPoint)server.EndPoint!);
        running.Until(() => server.ConnectionCount == 1);
        poller.IsFull = true;
        using var second = new SocketPeer((IPEndPoint)server.EndPoint!);
        Assert.Equal("", second.ReceiveToReset());
        first.Send("a\n");
        first.Expect("a\r\n");
        poller.IsFull = false;
        using var third = new SocketPeer((IPEndPoint)server.EndPoint!);
        third.Send("b\n");
        third.Expect("b\r\n");
        LogEntry entry = Assert.Single(server.Log, entry => entry.Level == LogLevel.Error);
        Assert.Equal("No connection could be accepted: epoll_ctl: No space left on device", entry.Message);
        Assert.Equal(2, server.TotalConnections);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_client_that_cant_be_watched_fails_to_connect_and_can_try_again(PollerKind kind)
    {
        var poller = new FullPoller(kind);
        using RunningReactor running = Run(poller);
        LineServer server = Start(running);
        var handler = new RecordingHandler();
        var client = new LineClient(running.Reactor, new ClientOptions { Host = "127.0.0.1", Port = server.Port }, new LineFormat(), handler);
        poller.IsFull = true;
        await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(CancellationToken.None).Soon());
        Assert.Equal(["connecting", "failed: SocketException"], handler.Events);
        Assert.Equal(ClientStatus.Disconnected, client.Status);
        poller.IsFull = false;
        await client.ConnectAsync(CancellationToken.None).Soon();
        Assert.Equal(ClientStatus.Connected, client.Status);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void A_server_that_cant_be_watched_does_not_start_and_leaves_its_port_free(PollerKind kind)
    {
        var poller = new FullPoller(kind);
        using RunningReactor running = Run(poller);
        using var port = new QuietPort();
        int number = port.Number;
        port.Dispose();
        poller.IsFull = true;
        Assert.Throws<SocketException>(() => Start(running, number));
        poller.IsFull = false;
        Assert.Equal(number, Start(running, number).Port);
    }

    private static RunningReactor Run(FullPoller poller) => new(new Reactor(new EventLoop(poller, TimeProvider.System)));

    private static LineServer Start(RunningReactor running, int port = 0)
    {
        var options = new ServerOptions { Address = Address.From(new IPEndPoint(IPAddress.Loopback, port)) };
        var server = new LineServer(running.Reactor, options, new LineFormat(), RecordingHandler.Echo());
        running.Invoke(server.Start);
        return server;
    }
}
