using System.Net;

namespace TwistedPS.Tests;

/// <summary>An HTTP server on a free port of this machine, a running reactor, and clients.</summary>
internal sealed class HttpRig : IDisposable
{
    private readonly RunningReactor _running;

    public HttpRig(HttpTestHandler? handler = null, HttpServerOptions? options = null, TimeProvider? time = null)
    {
        _running = new RunningReactor(PollerKind.Auto, time);
        Handler = handler ?? HttpTestHandler.Counter();
        Server = Make(options ?? new());
        _running.Invoke(Server.Start);
    }

    public HttpTestHandler Handler { get; }

    public HttpServer Server { get; }

    public RunningReactor Running => _running;

    public HttpClient Client { get; } = new() { Timeout = Waiting.Limit };

    public HttpServer Make(HttpServerOptions options) => new(_running.Reactor, options, Handler);

    public Uri Url(string path = "/") => new($"http://127.0.0.1:{Server.Port}{path}");

    public string Get(string path = "/") => Ask(HttpMethod.Get, path: path).Text;

    public HttpReply Ask(HttpMethod method, string? body = null, string path = "/")
    {
        using var request = new HttpRequestMessage(method, Url(path));
        if (body is not null)
            request.Content = new StringContent(body);
        using HttpResponseMessage response = Client.Send(request);
        string text = new StreamReader(response.Content.ReadAsStream()).ReadToEnd();
        return new HttpReply(response.StatusCode, response.Headers, response.Content.Headers, text);
    }

    public SocketPeer Connect() => new(new IPEndPoint(IPAddress.Loopback, Server.Port));

    /// <summary>Sends a request on a new connection, and returns the connection.</summary>
    public SocketPeer Send(string firstLine, string more = "", string body = "", string host = "127.0.0.1")
    {
        SocketPeer peer = Connect();
        peer.Send($"{firstLine} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n{body}");
        return peer;
    }

    public void Until(Func<bool> condition) => _running.Until(condition);

    public void Stop(TimeSpan drainTime) => Stop(Server, drainTime);

    public static void Stop(HttpServer server, TimeSpan drainTime) => Ends(server.StopAsync(drainTime));

    public static void Ends(Task task) => Assert.True(task.Wait(Waiting.Limit));

    public void Dispose()
    {
        try
        {
            Stop(TimeSpan.Zero);
        }
        finally
        {
            Client.Dispose();
            _running.Dispose();
        }
    }
}
