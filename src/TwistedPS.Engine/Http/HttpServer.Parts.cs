using TwistedPS.Engine.Http;

namespace TwistedPS;

// What it has on several reactors.
public sealed partial class HttpServer
{
    private HttpPart[] _parts;

    /// <summary>The number of reactors that handle its requests.</summary>
    public int ReactorCount => _parts.Length;

    /// <summary>The methods that all of its reactors have a handler for, while their handlers are being replaced.</summary>
    private IEnumerable<string> Methods => _parts.Select(part => part.Handler.Methods).Aggregate<IEnumerable<string>>(Enumerable.Intersect);

    /// <summary>
    /// Adds a reactor that handles a share of the requests with handlers of its own, and that ends with the server: whoever runs
    /// it disposes of it then. Before the start, on one thread.
    /// </summary>
    internal void AddReactor(Reactor reactor, IHttpHandler handler)
    {
        AddReactor(reactor);
        _parts = [.. _parts, new HttpPart(reactor, handler)];
    }

    /// <summary>Prepares the handlers on a further reactor, on its thread. Before the start.</summary>
    internal void Prepare(Reactor reactor) => Prepare(reactor, HandlerOn(reactor).Prepare);

    /// <summary>Returns the handlers on one of its reactors.</summary>
    internal IHttpHandler HandlerOn(Reactor reactor) => PartOn(reactor).Handler;

    /// <summary>Replaces the handlers on one of its reactors, from the next request on; they have all methods of the old ones.</summary>
    internal void Replace(IHttpHandler handler, Reactor reactor)
    {
        lock (_parts)
        {
            PartOn(reactor).Handler = handler;
            Volatile.Write(ref _calls, new HttpCalls(this, Methods));
        }
    }

    private HttpPart PartOn(Reactor reactor) => Array.Find(_parts, part => part.Reactor == reactor)!;

    /// <summary>Has the part with the fewest requests get one more.</summary>
    private HttpPart EnterPart()
    {
        lock (_parts)
        {
            HttpPart part = _parts.MinBy(part => part.Load)!;
            part.Enter();
            return part;
        }
    }
}
