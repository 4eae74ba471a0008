using System.Diagnostics.CodeAnalysis;
using System.Net;
using TwistedPS.Engine.Datagrams;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Services;

namespace TwistedPS;

// What it has on several reactors, and what arrives for them.
public abstract partial class DatagramService
{
    private readonly DatagramPeers _peers;
    private DatagramPart[] _parts;
    private ReceivingThread? _receiving;

    internal override IProducer Producer => (CurrentPart ?? _parts[0]).Producer;

    internal IDatagramHandler Handler => _parts[0].Handler;

    /// <summary>The part on whose thread the caller is; null on any other thread.</summary>
    internal DatagramPart? CurrentPart => Array.Find(_parts, part => part.Reactor.IsCurrent);

    /// <summary>Prepares the handlers on a further reactor, on its thread. Before the start.</summary>
    internal void Prepare(Reactor reactor) => Prepare(reactor, HandlerOn(reactor).Prepare);

    /// <summary>Returns the handlers on one of its reactors.</summary>
    internal IDatagramHandler HandlerOn(Reactor reactor) => PartOn(reactor).Handler;

    /// <summary>Replaces the handlers on one of its reactors, from the next event on. On that reactor's thread only.</summary>
    internal void Replace(IDatagramHandler handler, Reactor reactor) => PartOn(reactor).Handler = handler;

    /// <summary>Returns the part that handles what comes from an address, always the same.</summary>
    internal DatagramPart PartFor(SocketAddress address) => _parts.Length == 1
        ? _parts[0]
        : _parts[(uint)SocketAddressComparer.Instance.GetHashCode(address) % (uint)_parts.Length];

    /// <summary>Receives the next datagram of this wake-up. On the reactor's thread only.</summary>
    internal bool TryReceive([NotNullWhen(true)] out DatagramPeer? peer, [NotNullWhen(true)] out byte[]? data)
    {
        bool isThere = TryReceive(out peer, out ReadOnlySpan<byte> received);
        data = isThere ? received.ToArray() : null;
        return isThere;
    }

    void IDatagramReceiver.Ready()
    {
        if (IsQueued)
            Queue();
        else if (_parts.Length == 1)
            _parts[0].Handle();
        else
            Distribute();
    }

    /// <summary>Adds a reactor that handles what a share of the peers sends. Before the start, on one thread.</summary>
    private protected void AddPart(Reactor reactor, IDatagramHandler handler)
    {
        AddReactor(reactor);
        _parts = [.. _parts, new DatagramPart(this, reactor, handler)];
        foreach (DatagramPart part in _parts)
            part.Mailbox ??= new DatagramMailbox(part);
    }

    /// <summary>Returns the loop for its socket: its reactor's, or that of a thread of its own where there are several.</summary>
    private protected EventLoop CreateReceivingLoop()
    {
        if (_parts.Length == 1)
            return Reactor.Loop;
        _receiving = new ReceivingThread(Reactor.Loop.Poller is PoolPoller ? PollerKind.Pool : PollerKind.Auto);
        return _receiving.Loop;
    }

    private void OpenParts(IDatagramCarrier carrier)
    {
        foreach (DatagramPart part in _parts)
            part.Sender = carrier.SenderOn(part.Reactor.Loop);
        _receiving?.Start();
    }

    private void Close()
    {
        _receiving?.End();
        Output.Carrier?.Dispose();
        Output.Carrier = null;
        _receiving?.Dispose();
        _traffic.Drop(Output.Queue.Clear() + _parts.Sum(part => part.Mailbox?.Clear() ?? 0));
        Inbox.Complete();
    }

    private DatagramPart PartOn(Reactor reactor) => Array.Find(_parts, part => part.Reactor == reactor)!;

    private bool TryReceive([NotNullWhen(true)] out DatagramPeer? peer, out ReadOnlySpan<byte> data)
    {
        peer = null;
        data = default;
        if (Output.Carrier?.TryReceive(out data, out SocketAddress from) != true)
            return false;
        _traffic.Received(data.Length);
        peer = _peers.Find(from);
        return true;
    }

    private void Distribute()
    {
        while (TryReceive(out DatagramPeer? peer, out ReadOnlySpan<byte> data))
        {
            if (!peer.Part.Mailbox!.TryAdd(peer, data))
                _traffic.Drop("A reactor has no room for what has arrived");
        }

        foreach (DatagramPart part in _parts)
            part.Mailbox!.Wake();
    }

    private void Queue()
    {
        while (TryReceive(out DatagramPeer? peer, out byte[]? data))
        {
            if (!Inbox.TryAdd(new Datagram(peer, data)))
                _traffic.Drop("Nobody receives what has arrived, and the queue is full");
            NoteHandled(peer, data);
        }
    }
}
