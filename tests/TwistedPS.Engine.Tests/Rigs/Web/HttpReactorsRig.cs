using System.Collections.Concurrent;
using System.Net;

namespace TwistedPS.Tests;

/// <summary>An HTTP server on several running reactors, which keep the requests of each until a test answers them, and a client.</summary>
internal sealed class HttpReactorsRig : IDisposable
{
    private readonly RunningReactor _first = new(PollerKind.Auto);
    private readonly FurtherReactors _further;
    private readonly HttpClient _client = new() { Timeout = Waiting.Limit };

    public HttpReactorsRig(int count, Action<int, HttpExchange>? handle = null, HttpServerOptions? options = null)
    {
        Kept = [.. Enumerable.Range(0, count).Select(_ => new ConcurrentQueue<HttpExchange>())];
        Handlers = [.. Enumerable.Range(0, count).Select(i => new HttpTestHandler(it => (handle ?? Keep)(i, it)))];
        _further = new FurtherReactors(PollerKind.Auto, count - 1);
        Server = new HttpServer(_first.Reactor, options ?? new(), Handlers[0]);
        foreach ((Reactor reactor, HttpTestHandler handler) in Further.Zip(Handlers.Skip(1)))
            Server.AddReactor(reactor, handler);
        _first.Invoke(Server.Start);
    }

    public HttpServer Server { get; }

    public HttpTestHandler[] Handlers { get; }

    /// <summary>The requests that each reactor has got, and that were not answered at once.</summary>
    public ConcurrentQueue<HttpExchange>[] Kept { get; }

    /// <summary>The reactors besides the first.</summary>
    public Reactor[] Further => _further.All;

    public IEnumerable<int> Counts => Kept.Select(kept => kept.Count);

    public void Keep(int reactor, HttpExchange exchange) => Kept[reactor].Enqueue(exchange);

    /// <summary>Asks, and returns the status and the text in time.</summary>
    public async Task<(HttpStatusCode Status, string Text)> AskAsync(HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, $"http://127.0.0.1:{Server.Port}/");
        using HttpResponseMessage response = await _client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Asks, and waits until a reactor keeps the request.</summary>
    public Task<(HttpStatusCode Status, string Text)> AskKept()
    {
        int before = Counts.Sum();
        Task<(HttpStatusCode Status, string Text)> answer = AskAsync();
        ReactorsRig.Until(() => Counts.Sum() > before);
        return answer;
    }

    /// <summary>Waits for the threads of the further reactors.</summary>
    public void Ended() => _further.Ended();

    public void Dispose()
    {
        HttpRig.Stop(Server, TimeSpan.Zero);
        Ended();
        _client.Dispose();
        _first.Dispose();
    }
}
