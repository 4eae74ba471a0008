using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Http;
using TwistedPS.Engine.Policies;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

// The parameters of WebSockets.
public sealed partial class StartHttpServerCommand
{
    private const string NeedsWebSockets = "without -OnWebSocket or -WebSocketServer";

    private Server? _webSocketServer;

    /// <summary>
    /// Called for each text message of a WebSocket (Autobahn's onMessage); $_ is the message, and each object of the output is a
    /// message to its peer. $Server is a line server in memory, whose Connections and Groups the WebSockets are.
    /// </summary>
    [Parameter]
    public ScriptBlock? OnWebSocket { get; set; }

    /// <summary>
    /// Called when a WebSocket is opened, with -OnWebSocket or instead of it; $_ is its connection, and the output is sent.
    /// </summary>
    [Parameter]
    public ScriptBlock? OnWebSocketConnect { get; set; }

    /// <summary>With -OnWebSocket: called once, after a WebSocket has ended; $_ is the reason.</summary>
    [Parameter]
    public ScriptBlock? OnWebSocketDisconnect { get; set; }

    /// <summary>
    /// The server whose connections WebSockets become, beside those of its own port, or its number or name: a line server, for
    /// which each message is a line, or a TCP server, for which binary messages are a stream of bytes.
    /// </summary>
    [Parameter]
    [ShownAs<Server>]
    [ArgumentCompleter(typeof(ServiceCompleter<Server>))]
    [ValidateNotNull]
    public Alive<Server>? WebSocketServer { get; set; }

    /// <summary>The path of requests for a WebSocket, such as /chat; any by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidatePattern("^/")]
    public string? WebSocketPath { get; set; }

    /// <summary>The subprotocols to agree on with a WebSocket, the preferred first; none by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] WebSocketProtocol { get; set; } = [];

    /// <summary>
    /// The origins of other pages that may open WebSockets, such as https://example.org, or * for any; by default only pages
    /// of this server may, and programs that are no browsers.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] AllowedOrigin { get; set; } = [];

    /// <summary>
    /// With -OnWebSocket: the longest message received, in bytes, 16384 by default; a longer one closes its WebSocket.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int MaxMessageLength { get; set; } = new LineFormat().MaxLineLength;

    private bool HasOwnWebSockets => OnWebSocket is not null || OnWebSocketConnect is not null;

    private bool HasWebSockets => HasOwnWebSockets || WebSocketServer is not null;

    private void CheckWebSockets()
    {
        if (!((IHttpParameters)this).HasHandlers)
            RefuseParameters("with WebSockets alone, which use the first reactor", nameof(ReactorCount));
        if (!HasWebSockets && OnWebSocketDisconnect is not null)
            ThrowTerminatingError(Errors.HandlerMissing(CommandName, "-OnWebSocket, or -OnWebSocketConnect"));
        if (!HasWebSockets)
            RefuseParameters(NeedsWebSockets, nameof(WebSocketPath), nameof(WebSocketProtocol), nameof(AllowedOrigin));
        if (WebSocketServer is not null)
        {
            RefuseParameters(
                "with -WebSocketServer, which has handlers and limits of its own",
                nameof(OnWebSocket), nameof(OnWebSocketConnect), nameof(OnWebSocketDisconnect), nameof(MaxMessageLength));
        }
        else if (!HasOwnWebSockets)
        {
            RefuseParameters("without -OnWebSocket", nameof(MaxMessageLength));
        }
    }

    private void RefuseParameters(string why, params string[] parameters)
    {
        if (Array.Find(parameters, MyInvocation.BoundParameters.ContainsKey) is { } parameter)
            ThrowTerminatingError(Errors.ParameterWithoutEffect(parameter, why));
    }

    private WebSocketOptions? ReadWebSockets(ReactorHost host, HandlerScope scope)
    {
        if (!HasWebSockets)
            return null;
        return new WebSocketOptions
        {
            Server = _webSocketServer ?? CreateWebSocketServer(host, scope),
            IsOwned = _webSocketServer is null,
            Path = WebSocketPath,
            Protocols = WebSocketProtocol,
            Origins = ParseOrigins(),
        };
    }

    // No text of a message has a NUL in it, so that a message with line breaks is one.
    private LineServer CreateWebSocketServer(ReactorHost host, HandlerScope scope)
    {
        var scripts = new NetworkServiceScripts<string>(host, scope, "Server", LineOutput.Instance)
        {
            OnConnect = Starter.Capture(scope, OnWebSocketConnect),
            OnMessage = Starter.Capture(scope, OnWebSocket),
            OnDisconnect = Starter.Capture(scope, OnWebSocketDisconnect),
        };
        var format = new LineFormat { Delimiter = LineDelimiter.Nul, MaxLineLength = MaxMessageLength };
        var server = new LineServer(host.Reactor, new ServerOptions { Name = Name }, format, scripts, nameof(OnWebSocket));
        server.ReactorLog.Level = LogLevel;
        OpenLog(server.ReactorLog, LogPath);
        return server;
    }

    /// <returns>False if there is not just one, after an error is written.</returns>
    private bool TryFindWebSocketServer()
    {
        if (WebSocketServer is null)
            return true;
        _webSocketServer = this.FindOne(WebSocketServer);
        if (_webSocketServer?.Status == ServerStatus.Stopped)
            ThrowTerminatingError(Errors.ServerStopped(_webSocketServer));
        return _webSocketServer is not null;
    }

    private AllowedOrigins ParseOrigins()
    {
        try
        {
            return AllowedOrigins.Parse(AllowedOrigin);
        }
        catch (FormatException e)
        {
            ThrowTerminatingError(Errors.InvalidOrigin(e, AllowedOrigin));
            throw;
        }
    }
}
