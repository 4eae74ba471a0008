using System.Net;
using System.Net.WebSockets;

namespace TwistedPS.Tests;

/// <summary>A web server whose WebSockets are connections of a server of lines or bytes, on a running reactor, and peers.</summary>
internal sealed class WebSocketRig : IDisposable
{
    /// <summary>The key of the example in RFC 6455, and what has to be answered to it.</summary>
    public const string Key = "dGhlIHNhbXBsZSBub25jZQ==";
    public const string AnswerToKey = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static readonly ServerOptions s_onPort = new() { Address = Address.From(new IPEndPoint(IPAddress.Loopback, 0)) };

    private WebSocketRig(RunningReactor running, Server server, Func<WebSocketOptions, WebSocketOptions>? change)
    {
        (Running, Server) = (running, server);
        var options = new WebSocketOptions { Server = server };
        Http = new HttpServer(running.Reactor, new() { WebSockets = change?.Invoke(options) ?? options }, HttpTestHandler.Counter());
        running.Invoke(server.Start);
        running.Invoke(Http.Start);
    }

    public RunningReactor Running { get; }

    public Server Server { get; }

    public LineServer Lines => (LineServer)Server;

    public HttpServer Http { get; }

    public static WebSocketRig Create(
        RecordingHandler handler,
        LineFormat? format = null,
        ServerOptions? options = null,
        PollerKind poller = PollerKind.Auto,
        Func<WebSocketOptions, WebSocketOptions>? change = null)
    {
        var running = new RunningReactor(poller);
        options = (options ?? s_onPort) with { Address = s_onPort.Address };
        return new WebSocketRig(running, new LineServer(running.Reactor, options, format ?? new LineFormat(), handler), change);
    }

    public static WebSocketRig Create(DataHandler handler, DataFraming? framing = null)
    {
        var running = new RunningReactor(PollerKind.Auto);
        return new WebSocketRig(running, new DataServer(running.Reactor, s_onPort, (framing ?? DataFraming.Raw).Format, handler), null);
    }

    /// <summary>Opens a WebSocket as .NET does it.</summary>
    public ClientWebSocket Connect(string path = "/", Action<ClientWebSocketOptions>? change = null)
    {
        var client = new ClientWebSocket();
        change?.Invoke(client.Options);
        client.ConnectAsync(new Uri($"ws://127.0.0.1:{Http.Port}{path}"), CancellationToken.None).Soon().GetAwaiter().GetResult();
        return client;
    }

    /// <summary>Opens a WebSocket by hand.</summary>
    public SocketPeer ConnectPeer()
    {
        SocketPeer peer = Ask();
        Assert.StartsWith("HTTP/1.1 101 ", peer.ReceiveHead());
        return peer;
    }

    /// <summary>Sends a request for a WebSocket.</summary>
    public SocketPeer Ask(string path = "/", string? version = "13", string key = Key, string more = "")
    {
        var peer = new SocketPeer(Http.EndPoint!);
        peer.Send($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{Http.Port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + $"Sec-WebSocket-Version: {version}\r\nSec-WebSocket-Key: {key}\r\n{more}\r\n");
        return peer;
    }

    public SocketPeer ConnectLines() => new(Server.EndPoint!);

    public void Until(Func<bool> condition) => Running.Until(condition);

    public void Until(string happened, RecordingHandler handler) => Until(() => handler.Has(happened));

    public void Dispose()
    {
        try
        {
            HttpRig.Stop(Http, TimeSpan.Zero);
            HttpRig.Ends(Server.StopAsync(TimeSpan.Zero));
        }
        finally
        {
            Running.Dispose();
        }
    }
}
