namespace TwistedPS.Tests;

/// <summary>The handlers of an HTTP server, which count requests and do what a test asks for.</summary>
internal sealed class HttpTestHandler(Action<HttpExchange> handle) : IHttpHandler
{
    private bool _runs;

    public IReadOnlyCollection<string> Methods { get; init; } = ["GET", "POST"];

    public Action<HttpServer>? OnStart { get; init; }

    public int Stops { get; private set; }

    /// <summary>Whether a request was ever handled during another.</summary>
    public bool WasNested { get; private set; }

    /// <summary>Returns a handler that responds as the web counter does.</summary>
    public static HttpTestHandler Counter()
    {
        int count = 0;
        return new HttpTestHandler(exchange => exchange.Complete($"I am request #{++count}\n"));
    }

    public void Started(HttpServer server) => OnStart?.Invoke(server);

    public void Handle(HttpExchange exchange)
    {
        WasNested |= _runs;
        _runs = true;
        try
        {
            handle(exchange);
        }
        finally
        {
            _runs = false;
        }
    }

    public void Stopped(HttpServer server) => Stops++;
}
