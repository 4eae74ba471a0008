using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Tests;

[Collection(RunsAlone.Name)]
public sealed class LineServerListenTests
{
    [Theory]
    [ClassData(typeof(PollerKinds))]
    [Trait("Check", "G10")]
    public void Port_0_is_a_free_port_which_the_server_shows(PollerKind poller)
    {
        using var rig = new SocketRig(poller);
        using var other = new SocketRig(poller);
        Assert.NotEqual(0, rig.Server.Port);
        Assert.NotEqual(rig.Server.Port, other.Server.Port);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, rig.Server.Port), rig.Server.EndPoint);
        rig.Connect().Close();
        rig.Until("disconnect 0: Done");
        Assert.Equal(["start"], other.Handler.Events);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    [Trait("Check", "G9")]
    public void A_port_is_free_as_soon_as_its_server_has_stopped(PollerKind poller)
    {
        using var rig = new SocketRig(poller);
        int port = 0;
        for (int i = 0; i < 10; i++)
        {
            LineServer server = Start(rig, port, RecordingHandler.Echo());
            Assert.True(port == 0 || port == server.Port);
            port = server.Port;
            using var peer = new SocketPeer((IPEndPoint)server.EndPoint!);
            peer.Send("a\n");
            peer.Expect("a\r\n");
            rig.Do(() => _ = server.StopAsync(TimeSpan.Zero));
            rig.Until(() => server.Completion.IsCompleted);
        }
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    [Trait("Check", "G9")]
    public void A_port_in_use_is_an_error(PollerKind poller)
    {
        using var rig = new SocketRig(poller, RecordingHandler.Echo());
        var handler = new RecordingHandler();
        var error = Assert.Throws<SocketException>(() => Start(rig, rig.Server.Port, handler));
        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
        Assert.Empty(handler.Events);
        using SocketPeer peer = rig.Connect();
        peer.Send("a\n");
        peer.Expect("a\r\n");
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public void The_port_is_free_when_OnStart_throws(PollerKind poller)
    {
        using var rig = new SocketRig(poller);
        int port = 0;
        var handler = new RecordingHandler
        {
            OnStart = server =>
            {
                port = server.Port;
                throw new FormatException();
            },
        };
        Assert.Throws<FormatException>(() => Start(rig, 0, handler));
        using LineServer next = Start(rig, port, new RecordingHandler());
        Assert.Equal(port, next.Port);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_stop_lets_what_was_sent_arrive_and_ends_every_connection(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, RecordingHandler.Echo());
        using IPeer first = rig.Connect();
        using IPeer second = rig.Connect();
        first.Send("a\n");
        first.Expect("a\r\n");
        second.Send("b\n");
        second.Expect("b\r\n");
        rig.Do(() =>
        {
            rig.Server.Broadcast("closing", () => rig.Server.Connections);
            _ = rig.Server.StopAsync(TimeSpan.FromMinutes(5));
            _ = rig.Server.StopAsync(TimeSpan.FromMinutes(5));
            Assert.Equal(ServerStatus.Stopping, rig.Server.Status);
        });
        Assert.Equal("closing\r\n", first.ReceiveToEnd());
        Assert.Equal("closing\r\n", second.ReceiveToEnd());
        first.Close();
        second.Close();
        rig.UntilStopped();
        Assert.Equal(ServerStatus.Stopped, rig.Server.Status);
        Assert.Equal(1, rig.Handler.Count("disconnect 0: ServerStopped"));
        Assert.Equal(1, rig.Handler.Count("disconnect 1: ServerStopped"));
        Assert.Equal("stop", rig.Handler.Events[^1]);
        Assert.Equal(1, rig.Handler.Count("stop"));
    }

    [Fact]
    public void A_stop_waits_no_longer_than_the_drain_time()
    {
        using var rig = new MemoryRig();
        MemoryPeer peer = rig.Connect();
        peer.Transport.PauseReading();
        rig.Do(() => _ = rig.Server.StopAsync(TimeSpan.FromSeconds(3)));
        rig.Advance(2.9);
        Assert.Equal(ServerStatus.Stopping, rig.Server.Status);
        rig.Advance(0.1);
        Assert.Equal(ServerStatus.Stopped, rig.Server.Status);
        Assert.Equal(1, rig.Handler.Count("stop"));
        Assert.True(rig.Handler.Has("disconnect 0: ServerStopped"));
    }

    [Fact]
    public void A_second_stop_may_be_more_impatient()
    {
        using var rig = new MemoryRig();
        rig.Connect().Transport.PauseReading();
        rig.Do(() => _ = rig.Server.StopAsync(TimeSpan.FromMinutes(5)));
        rig.Advance(1);
        Assert.Equal(ServerStatus.Stopping, rig.Server.Status);
        rig.Do(() => _ = rig.Server.StopAsync(TimeSpan.Zero));
        rig.Reactor.Turn();
        Assert.Equal(ServerStatus.Stopped, rig.Server.Status);
        Assert.Equal(1, rig.Handler.Count("stop"));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_stopped_server_serves_nobody(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier);
        rig.Stop();
        if (rig is MemoryRig memory)
            Assert.Equal("", memory.Connect().ReceiveToEnd());
        else
            Assert.Throws<SocketException>(() => rig.Connect());
        Assert.Equal(["start", "stop"], rig.Handler.Events);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_handler_may_stop_its_server(Carrier carrier)
    {
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                connection.Send($"{line}: stopping");
                _ = ((LineServer)connection.Owner).StopAsync(TimeSpan.FromMinutes(5));
            },
        };
        using Rig rig = Rig.Create(carrier, handler);
        using IPeer peer = rig.Connect();
        peer.Send("a\nb\n");
        Assert.Equal("a: stopping\r\n", peer.ReceiveToEnd());
        peer.Close();
        rig.Until("stop");
        Assert.Equal(["start", "connect 0", "line 0: a", "disconnect 0: ServerStopped", "stop"], handler.Events);
        Assert.False(handler.WasNested);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void OnDisconnect_may_stop_the_server_and_is_done_before_OnStop(Carrier carrier)
    {
        var handler = new RecordingHandler { OnDisconnect = (connection, _) => connection.Owner.Dispose() };
        using Rig rig = Rig.Create(carrier, handler);
        rig.Connect().Close();
        rig.Until("stop");
        rig.UntilStopped();
        Assert.Equal(["start", "connect 0", "disconnect 0: Done", "stop"], handler.Events);
        Assert.False(handler.WasNested);
    }

    [Fact]
    public void A_server_that_stops_itself_in_OnStart_is_stopped()
    {
        var handler = new RecordingHandler { OnStart = server => server.Dispose() };
        using var rig = new MemoryRig(handler);
        rig.Reactor.Turn();
        Assert.Equal(ServerStatus.Stopped, rig.Server.Status);
        Assert.Equal(["start", "stop"], handler.Events);
        Assert.False(handler.WasNested);
    }

    private static LineServer Start(SocketRig rig, int port, RecordingHandler handler)
    {
        var options = new ServerOptions { Address = Address.From(new IPEndPoint(IPAddress.Loopback, port)) };
        var server = new LineServer(rig.Reactor, options, new LineFormat(), handler);
        rig.Do(server.Start);
        return server;
    }
}
