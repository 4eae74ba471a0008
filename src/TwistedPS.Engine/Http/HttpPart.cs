namespace TwistedPS.Engine.Http;

/// <summary>The part of an HTTP server on one of its reactors: its handlers there, and the requests that they have. Thread-safe.</summary>
/// <param name="reactor">The reactor.</param>
/// <param name="handler">The handlers.</param>
internal sealed class HttpPart(Reactor reactor, IHttpHandler handler)
{
    private volatile IHttpHandler _handler = handler;
    private int _load;
    private int _isHandling;

    public Reactor Reactor => reactor;

    public IHttpHandler Handler
    {
        get => _handler;
        set => _handler = value;
    }

    /// <summary>The number of requests that have come here and are not answered.</summary>
    public int Load => Volatile.Read(ref _load);

    /// <summary>Whether a handler runs, or is about to.</summary>
    public bool IsHandling => Volatile.Read(ref _isHandling) != 0;

    /// <summary>Counts a request that comes here.</summary>
    public void Enter() => Interlocked.Increment(ref _load);

    /// <summary>Counts a request that is answered.</summary>
    public void Leave() => Interlocked.Decrement(ref _load);

    // With a barrier: who has answered a request in the handler's place sees this, or else the handler's call sees the answer.
    public void BeginHandling() => Interlocked.Exchange(ref _isHandling, 1);

    public void EndHandling() => Volatile.Write(ref _isHandling, 0);
}
