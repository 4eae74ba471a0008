using System.Diagnostics.CodeAnalysis;
using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Datagrams;

/// <summary>
/// The part of a server or client of datagrams on one of its reactors: its handlers there, and what sends from there. On that
/// reactor's thread unless a member says otherwise.
/// </summary>
internal sealed class DatagramPart
{
    private readonly DatagramBatch _batch;

    /// <param name="owner">The server or client.</param>
    /// <param name="reactor">The reactor.</param>
    /// <param name="handler">The handlers.</param>
    public DatagramPart(DatagramService owner, Reactor reactor, IDatagramHandler handler)
    {
        (Owner, Reactor, Handler) = (owner, reactor, handler);
        _batch = new DatagramBatch(this, new HandlerCall(owner, "OnDatagram"));
        Producer = new Pauses(Pause, Resume);
    }

    public DatagramService Owner { get; }

    public Reactor Reactor { get; }

    /// <summary>The handlers, which may be read from any thread.</summary>
    public IDatagramHandler Handler { get; set; }

    /// <summary>What arrives, where several reactors share it; null where there is only one.</summary>
    public DatagramMailbox? Mailbox { get; set; }

    /// <summary>What sends from here; null before the start.</summary>
    public IDatagramSender? Sender { get; set; }

    public IProducer Producer { get; }

    /// <summary>Has the handlers deal with what has arrived, and sends their answers.</summary>
    public void Handle()
    {
        IDatagramSender sender = Sender!;
        sender.BeginAnswers();
        try
        {
            _batch.Deliver(Handler);
        }
        finally
        {
            sender.EndAnswers();
        }
    }

    /// <summary>Receives the next datagram to be handled now.</summary>
    public bool TryReceive([NotNullWhen(true)] out DatagramPeer? peer, [NotNullWhen(true)] out byte[]? data) =>
        Mailbox is null ? Owner.TryReceive(out peer, out data) : Mailbox.TryRemove(out peer, out data);

    private void Pause()
    {
        if (Mailbox is null)
            Owner.Output.Carrier?.Pause();
        else
            Mailbox.Pause();
    }

    private void Resume()
    {
        if (Mailbox is null)
            Owner.ResumeReading();
        else
            Mailbox.Resume();
    }
}
