using System.Net;

namespace TwistedPS.Tests;

/// <summary>A server on several running reactors, each with a recording handler of its own; the first accepts.</summary>
internal sealed class ReactorsRig : IDisposable
{
    private readonly RunningReactor _first;
    private readonly FurtherReactors _further;

    public ReactorsRig(PollerKind poller, int count, Func<int, RecordingHandler>? handler = null, ServerOptions? options = null)
    {
        Handlers = [.. Enumerable.Range(0, count).Select(handler ?? (_ => RecordingHandler.Echo()))];
        _first = new RunningReactor(poller);
        _further = new FurtherReactors(poller, count - 1);
        Server = new LineServer(
            _first.Reactor, (options ?? new()) with { Address = Address.From(new IPEndPoint(IPAddress.Loopback, 0)) }, new LineFormat(), Handlers[0]);
        foreach ((Reactor reactor, RecordingHandler own) in Further.Zip(Handlers.Skip(1)))
            Server.AddReactor(reactor, own);
        _first.Invoke(Server.Start);
    }

    public LineServer Server { get; }

    public RecordingHandler[] Handlers { get; }

    /// <summary>The reactors besides the first.</summary>
    public Reactor[] Further => _further.All;

    /// <summary>Connects, and waits until a reactor serves it.</summary>
    public SocketPeer Connect()
    {
        int before = Connects.Sum();
        var peer = new SocketPeer(Server.EndPoint!);
        Until(() => Connects.Sum() > before);
        return peer;
    }

    /// <summary>The numbers of connections that each reactor has had.</summary>
    public IEnumerable<int> Connects => Handlers.Select(handler => handler.Events.Count(it => it.StartsWith("connect ", StringComparison.Ordinal)));

    public static void Until(Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(condition, Waiting.Limit), "The condition did not come true.");

    /// <summary>Stops the server, and waits for the threads of the further reactors.</summary>
    public async Task StopAsync()
    {
        await Server.StopAsync(TimeSpan.Zero).Soon();
        _further.Ended();
    }

    public void Dispose()
    {
        StopAsync().GetAwaiter().GetResult();
        _first.Dispose();
    }
}
