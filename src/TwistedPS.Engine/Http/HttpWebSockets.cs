using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Transports;
using TwistedPS.Engine.WebSockets;

namespace TwistedPS.Engine.Http;

/// <summary>
/// The WebSockets of an HTTP server: connections of another server, which may have connections of its own and live on another
/// reactor. Members may be used from any thread.
/// </summary>
/// <param name="http">The HTTP server.</param>
/// <param name="options">The options.</param>
/// <param name="ended">Called when one of them, or the server that is owned, has ended.</param>
internal sealed class HttpWebSockets(HttpServer http, WebSocketOptions options, Action ended)
{
    // With the connection that it has become; null while it is none, or if it was refused.
    private readonly ConcurrentDictionary<Transport, Connection?> _open = new();

    /// <summary>Whether there is something that must end before the HTTP server can.</summary>
    public bool Any => !_open.IsEmpty || (options.IsOwned && options.Server.Status is ServerStatus.Running or ServerStatus.Stopping);

    /// <summary>Starts the server that is owned. On its reactor's thread only.</summary>
    public void Start()
    {
        if (options.IsOwned)
            options.Server.Start();
    }

    /// <summary>Closes all of them, and stops the server that is owned.</summary>
    public void Stop(TimeSpan drainTime)
    {
        if (options.IsOwned)
            options.Server.StopAsync(drainTime).ContinueWith(_ => ended(), TaskScheduler.Default);
        foreach (Transport transport in _open.Keys)
            options.Server.Reactor.Do(() => Close(transport, drainTime));
    }

    /// <summary>Determines whether a request would open one.</summary>
    public bool Concerns(HttpListenerRequest request) => new WebSocketRequest(request, options).IsHandshake;

    /// <summary>Opens one, or answers why not.</summary>
    public async Task ServeAsync(HttpListenerContext context, HttpTransfer transfer, HttpRequest request)
    {
        var asked = new WebSocketRequest(context.Request, options);
        if (Refuse(asked, request) is { } refusal)
            await transfer.AnswerAsync(request, (_, _) => Task.FromResult(refusal), http.Note).ConfigureAwait(false);
        else if (await AcceptAsync(context, asked, request).ConfigureAwait(false) is { } socket)
            await BeginAsync(socket, context, request).ConfigureAwait(false);
    }

    private HttpAnswer? Refuse(WebSocketRequest asked, HttpRequest request)
    {
        if (asked.ForbiddenOrigin is { } origin)
        {
            http.Note(request, LogLevel.Warning, $"comes from a page of {origin}, which -AllowedOrigin does not list.");
            return http.Refuse(HttpStatusCode.Forbidden);
        }

        if (!asked.HasVersion)
            return http.Refuse(HttpStatusCode.UpgradeRequired, ("Sec-WebSocket-Version", "13"));
        if (!asked.HasKey)
            return http.Refuse(HttpStatusCode.BadRequest);
        return options.Server.Status == ServerStatus.Running ? null : http.Refuse(HttpStatusCode.ServiceUnavailable);
    }

    /// <returns>Null if the peer is gone.</returns>
    private async Task<WebSocket?> AcceptAsync(HttpListenerContext context, WebSocketRequest asked, HttpRequest request)
    {
        TimeSpan interval = options.Server.Options.KeepAlive;
        try
        {
            WebSocketContext accepted = await context
                .AcceptWebSocketAsync(asked.AgreeOnProtocol(), interval > TimeSpan.Zero ? interval : Timeout.InfiniteTimeSpan)
                .ConfigureAwait(false);
            http.Note(request, LogLevel.Information, "101");
            return accepted.WebSocket;
        }
        catch (Exception e) when (e is WebSocketException or HttpListenerException or IOException or InvalidOperationException)
        {
            http.Note(request, LogLevel.Debug, $"was cut off: {e.Message}");
            context.Response.Abort();
            return null;
        }
    }

    private async Task BeginAsync(WebSocket socket, HttpListenerContext context, HttpRequest request)
    {
        (Address local, Address remote) = (Address.From(context.Request.LocalEndPoint), Address.From(context.Request.RemoteEndPoint));
        bool begun = false;
        try
        {
            await options.Server.Reactor.Loop.PostAsync(() => begun = Begin(socket, local, remote, context.Response, request)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Its reactor is gone.
        }
        finally
        {
            if (!begun)
                Release(socket, context.Response);
        }
    }

    private bool Begin(WebSocket socket, Address local, Address remote, HttpListenerResponse response, HttpRequest request)
    {
        Transport transport = WebSocketCarrier.Open(options.Server.Reactor.Loop, socket, MessagesOf(options.Server), local, remote, it =>
        {
            Release(socket, response);
            _open.TryRemove(it, out _);
            ended();
        });
        _open[transport] = null;
        _open.TryUpdate(transport, options.Server.Serve(transport, request), null);
        if (http.Status != ServerStatus.Running)
            Close(transport, TimeSpan.Zero);
        return true;
    }

    private static IWebSocketMessages MessagesOf(Server server) => server is LineServer lines ? new LineMessages(lines.Format) : new DataMessages();

    // The socket first: the listener, which doesn't know that the answer has begun, would write another one to what is open.
    private static void Release(WebSocket socket, HttpListenerResponse response)
    {
        socket.Dispose();
        response.Abort();
    }

    private void Close(Transport transport, TimeSpan drainTime)
    {
        if (_open.GetValueOrDefault(transport) is { } connection)
            connection.Close(CloseReason.ServerStopped, drainTime);
        else
            transport.Abort(CloseReason.ServerStopped);
    }
}
