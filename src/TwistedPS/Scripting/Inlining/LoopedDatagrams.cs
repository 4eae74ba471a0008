using System.Management.Automation;
using TwistedPS.Engine.Datagrams;

namespace TwistedPS.Scripting.Inlining;

/// <summary>The datagrams that have arrived, for the script of a handler with commands. On the reactor's thread only.</summary>
/// <param name="scripts">The handlers of the socket.</param>
/// <param name="datagrams">The datagrams, before the first call.</param>
internal sealed class LoopedDatagrams(DatagramScripts scripts, DatagramBatch datagrams) : LoopedCalls(scripts.Host)
{
    private readonly PSVariable _peer = new("Peer");
    private readonly PSVariable _owner = new(scripts.OwnerVariable);

    public override object? Current => scripts.Given(datagrams);

    /// <summary>The sender of the current datagram, as handlers know it.</summary>
    public DatagramRecipient Peer { get; private set; } = null!;

    public override Recipient Recipient => Peer;

    protected override List<PSVariable> Variables => [_peer, _owner];

    protected override bool TryBegin()
    {
        if (!datagrams.NextCall())
            return false;
        Peer = scripts.RecipientOf(datagrams.Peer);
        (_peer.Value, _owner.Value) = (datagrams.Peer, datagrams.Owner);
        return true;
    }

    protected override bool TrySend(List<object?> items)
    {
        if (PlainOutput.MessagesOf(items, scripts.Format) is not { } all)
            return false;
        try
        {
            foreach (byte[] datagram in all)
                Peer.Send(datagram);
            return true;
        }
        catch (RuntimeException e)
        {
            // In the script it would have a place, as if a statement had failed.
            Failure = e;
            return false;
        }
    }
}
