using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Datagrams;

/// <summary>A thread that only receives, for a server on several reactors: no handler holds up what arrives for the others.</summary>
internal sealed class ReceivingThread : IDisposable
{
    private readonly Thread _thread;

    /// <param name="poller">The way to wait for the socket.</param>
    public ReceivingThread(PollerKind poller)
    {
        Loop = new EventLoop(poller, TimeProvider.System);
        _thread = new Thread(() => Loop.Run()) { IsBackground = true, Name = "TwistedPS datagrams" };
    }

    public EventLoop Loop { get; }

    /// <summary>Begins, when the socket is there.</summary>
    public void Start() => _thread.UnsafeStart();

    /// <summary>Ends, after what has just arrived. Then the socket may be closed on any thread.</summary>
    public void End()
    {
        Loop.Stop();
        if (_thread.IsAlive)
            _thread.Join();
    }

    /// <summary>Frees its loop, when the socket is closed.</summary>
    public void Dispose() => Loop.Dispose();
}
