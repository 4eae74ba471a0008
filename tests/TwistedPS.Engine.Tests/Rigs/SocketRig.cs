namespace TwistedPS.Tests;

/// <summary>A server on a free port of this machine, or at another address, and a running reactor.</summary>
internal sealed class SocketRig : Rig
{
    private readonly RunningReactor _running;

    public SocketRig(
        PollerKind poller,
        RecordingHandler? handler = null,
        ServerOptions? options = null,
        LineFormat? format = null,
        TimeProvider? time = null,
        Address? address = null)
    {
        _running = new RunningReactor(poller, time);
        Handler = handler ?? new RecordingHandler();
        Server = new LineServer(
            Reactor, (options ?? new()) with { Address = address ?? Carrier.Pool.Address() }, format ?? new LineFormat(), Handler);
        _running.Invoke(Server.Start);
    }

    public override Reactor Reactor => _running.Reactor;

    public override LineServer Server { get; }

    public override RecordingHandler Handler { get; }

    public int Interruptions => _running.Interruptions;

    public override SocketPeer Connect() => Connect(Server);

    public override SocketPeer Connect(Server server) => new(server.EndPoint!);

    public override void Do(Action work) => _running.Invoke(work);

    public override void Until(Func<bool> condition) => _running.Until(condition);

    public override void Dispose()
    {
        try
        {
            Stop(TimeSpan.Zero);
        }
        finally
        {
            _running.Dispose();
        }
    }
}
