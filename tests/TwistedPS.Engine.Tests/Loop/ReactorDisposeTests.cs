using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Tests;

public sealed class ReactorDisposeTests
{
    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Whatever_is_alive_on_a_reactor_ends_with_it(PollerKind poller)
    {
        var running = new RunningReactor(poller);
        var options = new ServerOptions { Address = Address.From(new IPEndPoint(IPAddress.Loopback, 0)) };
        var server = new LineServer(running.Reactor, options, new LineFormat(), new RecordingHandler());
        running.Invoke(server.Start);
        var client = new LineClient(running.Reactor, new ClientOptions { Host = "127.0.0.1", Port = server.Port }, new LineFormat(), null);
        await client.ConnectAsync(CancellationToken.None).Soon();
        running.Until(() => server.ConnectionCount == 1);

        running.Dispose();

        await server.Completion.Soon();
        await client.Completion.Soon();
        Assert.Equal(ServerStatus.Stopped, server.Status);
        Assert.Equal(0, server.ConnectionCount);
        Assert.Equal(ClientStatus.Disconnected, client.Status);
        Assert.Equal(ConnectionStatus.Closed, client.Connection!.Status);
        Assert.Empty(running.Reactor.Services);
        using var next = new Socket(SocketType.Stream, ProtocolType.Tcp);
        next.Bind(new IPEndPoint(IPAddress.Loopback, server.Port));
        next.Listen();
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Whoever_waits_for_a_reactor_that_has_ended_is_told(PollerKind poller)
    {
        var reactor = new Reactor(poller);
        Task<int> before = reactor.InvokeAsync(() => 1);
        reactor.Dispose();
        Task<int> after = reactor.InvokeAsync(() => 1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => before.Soon());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => after.Soon());
    }
}
