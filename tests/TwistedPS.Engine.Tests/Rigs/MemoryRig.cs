using System.Runtime.ExceptionServices;

namespace TwistedPS.Tests;

/// <summary>A server that accepts connections in memory, with a reactor and a clock that are moved by hand.</summary>
internal sealed class MemoryRig : Rig
{
    private readonly int _largestRead;

    public MemoryRig(RecordingHandler? handler = null, ServerOptions? options = null, LineFormat? format = null, int largestRead = 65536)
    {
        _largestRead = largestRead;
        Reactor = new Reactor(time: Time);
        Handler = handler ?? new RecordingHandler();
        Server = new LineServer(Reactor, options ?? new ServerOptions(), format ?? new LineFormat(), Handler);
        Do(Server.Start);
    }

    public ManualClock Time { get; } = new();

    public override Reactor Reactor { get; }

    public override LineServer Server { get; }

    public override RecordingHandler Handler { get; }

    public override MemoryPeer Connect() => Connect(Server);

    public override MemoryPeer Connect(Server server)
    {
        (Transport near, Transport far) = MemoryPair.Create(Reactor.Loop, _largestRead);
        Do(() => server.Serve(near));
        return new MemoryPeer(Reactor, far);
    }

    public override void Do(Action work)
    {
        bool done = false;
        Exception? error = null;
        Reactor.Post(() =>
        {
            error = Record.Exception(work);
            done = true;
        });
        Reactor.TurnUntil(() => done);
        if (error is not null)
            ExceptionDispatchInfo.Throw(error);
    }

    public override void Until(Func<bool> condition) => Reactor.TurnUntil(condition);

    public void Advance(double seconds)
    {
        Time.Advance(TimeSpan.FromSeconds(seconds));
        Reactor.Turn();
    }

    public override void Dispose() => Reactor.Dispose();
}
