namespace TwistedPS.Tests;

/// <summary>A line server in memory with connections over WebSockets that a test drives, on a reactor that is turned by hand.</summary>
internal sealed class TestWebSocketRig : IDisposable
{
    private readonly MemoryRig _rig;

    public TestWebSocketRig(RecordingHandler handler, ServerOptions? options = null)
    {
        // So that what awaits a WebSocket goes on at once.
        SynchronizationContext.SetSynchronizationContext(null);
        _rig = new MemoryRig(handler, options);
    }

    public LineServer Server => _rig.Server;

    /// <summary>The number of WebSockets that are no longer used.</summary>
    public int Released { get; private set; }

    public TestWebSocket Connect()
    {
        var socket = new TestWebSocket();
        _rig.Do(() => Server.Serve(WebSocketCarrier.Open(
            _rig.Reactor.Loop, socket, new LineMessages(Server.Format), Address.Memory, Address.Memory, _ => Released++)));
        return socket;
    }

    public void Do(Action work)
    {
        _rig.Do(work);
        _rig.Reactor.Turn();
    }

    public void Turn() => _rig.Reactor.Turn();

    public void Dispose() => _rig.Dispose();
}
