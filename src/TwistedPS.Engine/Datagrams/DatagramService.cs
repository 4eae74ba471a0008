using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Newtonsoft.Json;
using TwistedPS.Engine.Datagrams;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Services;

namespace TwistedPS;

/// <summary>
/// A datagram socket and its handlers (Twisted's <c>DatagramProtocol</c> with its transport): the base of UDP servers and
/// clients, over UNIX sockets as well. Members may be used from any thread.
/// </summary>
[DisplayName("UdpSocket")]
public abstract partial class DatagramService : Service, IDatagramReceiver
{
    private readonly HandlerCall _onError;
    private readonly DatagramTraffic _traffic;
    private DelayedCall? _drained;
    private int _held;
    private bool _isDrained;

    private protected DatagramService(Reactor reactor, DatagramOptions options, IDatagramHandler handler, int id)
        : base(reactor, options.Name, id)
    {
        Options = options;
        _parts = [new DatagramPart(this, reactor, handler)];
        _onError = new HandlerCall(this, "OnError");
        Output = new DatagramOutput(this);
        _peers = new DatagramPeers(this);
        _traffic = new DatagramTraffic(ReactorLog);
    }

    /// <summary>Raised for each datagram that arrives, on the thread of the reactor that handles it.</summary>
    public event EventHandler<DatagramEventArgs>? DatagramReceived;

    /// <summary>The state of it.</summary>
    public ServerStatus Status { get; private set; }

    /// <summary>The local address; memory before the start.</summary>
    public Address LocalAddress { get; private set; } = Address.Memory;

    /// <summary>The .NET form of the local address; null before the start.</summary>
    [JsonIgnore]
    public EndPoint? EndPoint => LocalAddress.EndPoint;

    /// <summary>The number of datagrams received.</summary>
    public long DatagramsIn => _traffic.In;

    /// <summary>The number of datagrams sent.</summary>
    public long DatagramsOut => _traffic.Out;

    /// <summary>The number of bytes received.</summary>
    public long BytesIn => _traffic.BytesIn;

    /// <summary>The number of bytes sent.</summary>
    public long BytesOut => _traffic.BytesOut;

    /// <summary>
    /// The number of datagrams lost on this side: received without room in the queue, which is 1 MiB for each of several reactors,
    /// or not handled before a stop of these; or sent while the system took none and the send buffer was full. What the system
    /// itself drops is not counted.
    /// </summary>
    public long Dropped => _traffic.Dropped;

    /// <summary>The number of datagrams that have arrived and wait for Receive-Datagram, or for one of several reactors.</summary>
    public int WaitingDatagrams => Inbox.Count + _parts.Sum(part => part.Mailbox?.Count ?? 0);

    /// <summary>The multicast groups that it has joined.</summary>
    public IReadOnlyList<string> MulticastGroups => Output.Carrier?.Multicast?.Groups ?? [];

    /// <summary>Whether it does; what OnStop starts outlives it.</summary>
    internal override bool OwnsWhatItStarts => Status != ServerStatus.Stopped;

    /// <summary>The encoding of text.</summary>
    internal Encoding Encoding => Options.Encoding;

    internal DatagramOptions Options { get; }

    /// <summary>The datagrams that wait, where there is no handler for them.</summary>
    internal DatagramInbox Inbox { get; } = new();

    /// <summary>Whether datagrams wait in a queue instead of going to a handler.</summary>
    internal bool IsQueued { get; init; }

    internal DatagramOutput Output { get; }

    /// <summary>Joins a multicast group (Twisted's <c>joinGroup</c>).</summary>
    /// <exception cref="FormatException">It is not the address of a group.</exception>
    /// <exception cref="NotConnectedException">It has stopped.</exception>
    /// <exception cref="SocketException">The system does not allow it, or it has joined already.</exception>
    public void JoinGroup(string group) => Output.MulticastOrThrow.Join(group);

    /// <summary>Leaves a multicast group (Twisted's <c>leaveGroup</c>).</summary>
    /// <inheritdoc cref="JoinGroup"/>
    public void LeaveGroup(string group) => Output.MulticastOrThrow.Leave(group);

    /// <summary>Stops it without waiting.</summary>
    public override void Dispose()
    {
        _ = StopAsync(Options.DrainTime);
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops receiving, waits up to <paramref name="drainTime"/> for answers still to come, and calls OnStop.</summary>
    internal Task StopAsync(TimeSpan drainTime)
    {
        void BeginStop()
        {
            if (Status == ServerStatus.Stopped)
                return;
            bool again = Status == ServerStatus.Stopping;
            Status = ServerStatus.Stopping;
            Output.Carrier?.Pause();
            _drained?.Cancel();
            _drained = Reactor.CallLater(drainTime, EndDrain);

            // In a turn of its own: the caller may be a handler, and handlers are not nested.
            if (!again)
                Reactor.Post(FinishStop);
        }

        Reactor.Do(BeginStop);
        return Completion;
    }

    internal override Task EndAsync(TimeSpan drainTime) => StopAsync(drainTime);

    internal override void Abandon()
    {
        Status = ServerStatus.Stopped;
        Close();
        Reactor.Remove(this);
        EndReactors();
        EndLife();
    }

    /// <summary>Whether answers are still to come.</summary>
    internal bool IsHeld => Volatile.Read(ref _held) > 0;

    /// <summary>Announces an answer, for which a stop waits.</summary>
    internal void Hold() => Interlocked.Increment(ref _held);

    internal void Release()
    {
        if (Interlocked.Decrement(ref _held) == 0)
            FinishStopLater();
    }

    /// <summary>Looks whether nothing is left that a stop waits for. From any thread.</summary>
    internal void FinishStopLater()
    {
        if (Status == ServerStatus.Stopping)
            Reactor.Post(FinishStop);
    }

    internal void ResumeReading()
    {
        if (Status == ServerStatus.Running)
            Output.Carrier?.Resume();
    }

    /// <summary>Raises the event for a datagram, after the handler.</summary>
    internal void NoteHandled(DatagramPeer peer, byte[] data)
    {
        if (DatagramReceived is not { } subscribers)
            return;
        try
        {
            subscribers(this, new DatagramEventArgs(new Datagram(peer, data)));
        }
        catch (Exception e) when (e is not ReactorInterruptedException)
        {
            AddError(nameof(DatagramReceived), peer, e);
        }
    }

    void IDatagramReceiver.Sent(int length) => _traffic.Sent(length);

    void IDatagramReceiver.Drained() => Reactor.Do(FinishStop);

    void IDatagramReceiver.Dropped(string why) => _traffic.Drop(why);

    void IDatagramReceiver.Failed(SocketException error)
    {
        AddError("Socket", null, error);
        if (IsQueued)
            Inbox.TryAdd(error);

        // In a turn of its own: what met it may be a handler's send, and handlers are not nested.
        Reactor.Post(() => Call(_onError, null, (Handler, this, error), static it => it.Handler.Failed(it.Item2, it.error)));
    }

    /// <summary>Opens its carrier, calls OnStart, and begins to receive. On the reactor's thread only.</summary>
    private protected void Start(Func<IDatagramCarrier> open)
    {
        try
        {
            IDatagramCarrier carrier = open();
            OpenParts(carrier);
            (Output.Carrier, LocalAddress) = (carrier, carrier.LocalAddress);
            CallOnStart();
        }
        catch
        {
            Close();
            Status = ServerStatus.Stopped;
            EndLife();
            throw;
        }

        if (Status != ServerStatus.Starting)
            return;
        Status = ServerStatus.Running;
        foreach (Reactor reactor in Reactors)
            reactor.Add(this);
        ReactorLog.Add(LogLevel.Information, $"Started on {LocalAddress}");
        ResumeReading();
    }

    private void CallOnStart()
    {
        CallContext? outer = Reactor.Watch.Enter(new CallContext(new HandlerCall(this, "OnStart")));
        try
        {
            Handler.Started(this);
        }
        finally
        {
            Reactor.Watch.Exit(outer);
        }
    }

    private void EndDrain()
    {
        _isDrained = true;
        FinishStop();
    }

    private void FinishStop()
    {
        bool isHandling = Array.Exists(_parts, part => part.Mailbox is { IsHandling: true });
        if (Status != ServerStatus.Stopping || isHandling || ((IsHeld || !Output.Queue.IsEmpty) && !_isDrained))
            return;
        Status = ServerStatus.Stopped;
        _drained?.Cancel();
        Close();
        try
        {
            Call(new HandlerCall(this, "OnStop"), null, this, static service => service.Handler.Stopped(service));
        }
        finally
        {
            Reactor.Remove(this);
            ReactorLog.Add(LogLevel.Information, "Stopped");
            Task.WhenAll(ReactorLog.Written, EndReactors()).ContinueWith(_ => EndLife(), TaskScheduler.Default);
        }
    }
}
