using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Tests;

[Collection(RunsAlone.Name)]
public sealed class HttpServerStopTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(5);

    [Fact]
    [Trait("Check", "G10")]
    public void Port_0_is_a_free_port_which_the_server_shows()
    {
        using var rig = new HttpRig();
        using var other = new HttpRig();
        Assert.NotEqual(0, rig.Server.Port);
        Assert.NotEqual(rig.Server.Port, other.Server.Port);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, rig.Server.Port), rig.Server.EndPoint);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Check", "G9")]
    public void A_port_in_use_is_the_error_that_a_socket_gives(bool byHttp)
    {
        using var rig = new HttpRig();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = byHttp ? rig.Server.Port : ((IPEndPoint)listener.LocalEndpoint).Port;
        HttpServer server = rig.Make(new() { EndPoint = new IPEndPoint(IPAddress.Loopback, port) });
        var error = Assert.Throws<SocketException>(() => rig.Running.Invoke(server.Start));
        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
        Assert.Equal("I am request #1\n", rig.Get());
    }

    [Fact]
    public void An_address_that_the_listener_does_not_know_is_an_error()
    {
        using var rig = new HttpRig();
        HttpServer server = rig.Make(new() { EndPoint = new IPEndPoint(IPAddress.IPv6Loopback, 0) });
        var error = Assert.Throws<SocketException>(() => rig.Running.Invoke(server.Start));
        Assert.Equal(SocketError.AddressFamilyNotSupported, error.SocketErrorCode);
    }

    [Fact]
    [Trait("Check", "G9")]
    public void A_port_is_free_as_soon_as_its_server_has_stopped()
    {
        using var rig = new HttpRig();
        int port = rig.Server.Port;
        HttpServer server = rig.Server;
        for (int i = 0; i < 10; i++)
        {
            using var peer = new SocketPeer(new IPEndPoint(IPAddress.Loopback, port));
            peer.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            peer.Expect("HTTP/1.1 200 OK\r\n");
            HttpRig.Stop(server, s_long);
            server = rig.Make(new() { EndPoint = new IPEndPoint(IPAddress.Loopback, port) });
            rig.Running.Invoke(server.Start);
        }

        HttpRig.Stop(server, s_long);
        Assert.Equal(11, rig.Handler.Stops);
    }

    [Fact]
    public void The_port_is_free_when_OnStart_throws()
    {
        int port = 0;
        using var rig = new HttpRig();
        var handler = new HttpTestHandler(_ => { })
        {
            OnStart = server =>
            {
                port = server.Port;
                throw new FormatException();
            },
        };
        var failing = new HttpServer(rig.Running.Reactor, new(), handler);
        Assert.Throws<FormatException>(() => rig.Running.Invoke(failing.Start));
        Assert.True(failing.Completion.IsCompleted);
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
    }

    [Fact]
    public void A_stop_lets_requests_under_way_be_answered_and_takes_no_more()
    {
        HttpExchange? late = null;
        using var rig = new HttpRig(new HttpTestHandler(exchange => late = exchange));
        using SocketPeer peer = rig.Send("GET /");
        rig.Until(() => late is not null);
        Task stopped = rig.Server.StopAsync(s_long);
        rig.Until(() => rig.Server.Status == ServerStatus.Stopping);
        Assert.Throws<SocketException>(() => rig.Connect());
        Assert.Equal(0, rig.Handler.Stops);
        Assert.True(late!.Complete("done\n"));
        string answer = peer.ReceiveToEnd();
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer);
        Assert.EndsWith("\r\n\r\ndone\n", answer);
        HttpRig.Ends(stopped);
        Assert.Equal((ServerStatus.Stopped, 1), (rig.Server.Status, rig.Handler.Stops));
    }

    [Fact]
    public void A_stop_waits_no_longer_than_the_drain_time_which_a_second_one_may_shorten()
    {
        var time = new ManualClock();
        HttpExchange? never = null;
        using var rig = new HttpRig(new HttpTestHandler(exchange => never = exchange), time: time);
        using SocketPeer peer = rig.Send("GET /");
        rig.Until(() => never is not null);
        Task stopped = rig.Server.StopAsync(s_long);
        _ = rig.Server.StopAsync(TimeSpan.FromSeconds(3));
        rig.Until(() => rig.Server.Status == ServerStatus.Stopping);
        time.Advance(TimeSpan.FromSeconds(2.9));
        rig.Until(() => true);
        Assert.False(stopped.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        rig.Until(() => rig.Server.Status == ServerStatus.Stopped);
        Assert.StartsWith("HTTP/1.1 503 Service Unavailable\r\n", peer.ReceiveToEnd());
        HttpRig.Ends(stopped);
        Assert.Equal(1, rig.Handler.Stops);
    }

    [Fact]
    public void A_request_behind_a_handler_that_outlasts_the_drain_time_is_not_begun()
    {
        int handled = 0;
        using var begun = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        using var rig = new HttpRig(new HttpTestHandler(exchange =>
        {
            handled++;
            begun.Set();
            go.Wait(Waiting.Limit);
            exchange.Complete("");
        }));
        using SocketPeer first = rig.Send("GET /");
        Assert.True(begun.Wait(Waiting.Limit));
        using SocketPeer second = rig.Send("GET /");
        Assert.True(SpinWait.SpinUntil(() => rig.Server.RequestsUnderWay == 2, Waiting.Limit));
        Task stopped = rig.Server.StopAsync(TimeSpan.Zero);
        go.Set();
        HttpRig.Ends(stopped);
        Assert.Equal(1, handled);
        Assert.StartsWith("HTTP/1.1 503 ", second.ReceiveToEnd());
    }

    [Fact]
    public void A_stop_ends_connections_that_wait_for_their_next_request_without_a_word()
    {
        using var rig = new HttpRig();
        using SocketPeer peer = rig.Send("GET /");
        peer.Expect("HTTP/1.1 200 OK\r\n");
        rig.Stop(s_long);
        string rest = peer.ReceiveToEnd();
        Assert.EndsWith("\r\n\r\nI am request #1\n", rest);
        Assert.DoesNotContain("HTTP/", rest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET / HTTP/1.1\r\nHo")]
    public void A_stop_ends_connections_that_have_no_whole_request_without_a_word(string sent)
    {
        using var rig = new HttpRig();
        using SocketPeer peer = rig.Connect();
        peer.Send(sent);
        // It accepts them one after the other.
        for (int later = 0; later < 3; later++)
            rig.Send("GET /", "Connection: close\r\n").ReceiveToEnd();
        rig.Stop(s_long);
        Assert.Equal("", peer.ReceiveToEnd());
    }

    [Fact]
    public void A_handler_may_stop_its_server_and_is_answered()
    {
        using var rig = new HttpRig(new HttpTestHandler(exchange =>
        {
            exchange.Server.Dispose();
            exchange.Complete("bye\n");
        }));
        Assert.Equal("bye\n", rig.Get());
        HttpRig.Ends(rig.Server.Completion);
        Assert.Equal(1, rig.Handler.Stops);
        Assert.False(rig.Handler.WasNested);
    }

    [Fact]
    public void A_reactor_that_is_gone_takes_the_server_with_it()
    {
        HttpExchange? never = null;
        var handler = new HttpTestHandler(exchange => never = exchange);
        using var reactor = new Reactor();
        var server = new HttpServer(reactor, new(), handler);
        reactor.Post(server.Start);
        reactor.TurnUntil(() => server.Status == ServerStatus.Running);
        using var peer = new SocketPeer(server.EndPoint!);
        peer.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                reactor.Iterate();
                return never is not null;
            },
            Waiting.Limit));
        reactor.Dispose();
        Assert.Equal(ServerStatus.Stopped, server.Status);
        HttpRig.Ends(server.Completion);
        Assert.StartsWith("HTTP/1.1 503 ", peer.ReceiveToEnd());
        Assert.Equal(0, handler.Stops);
        Assert.Throws<SocketException>(() => new SocketPeer(server.EndPoint!));
    }
}
