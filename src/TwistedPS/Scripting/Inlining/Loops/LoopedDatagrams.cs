using System.Management.Automation;
using TwistedPS.Engine.Datagrams;

namespace TwistedPS.Scripting.Inlining;

/// <summary>The datagrams that have arrived, for the script of a handler with commands. On the reactor's thread only.</summary>
/// <param name="scripts">The handlers of the socket.</param>
/// <param name="datagrams">The datagrams, of which the current one is the first of these.</param>
/// <param name="handler">The handler.</param>
/// <param name="first">What it is given for that one.</param>
internal sealed class LoopedDatagrams(DatagramScripts scripts, DatagramBatch datagrams, LoopedHandler handler, object first)
    : LoopedCalls(scripts.Host, handler, first)
{
    private readonly PSVariable _peer = new("Peer");
    private readonly PSVariable _owner = new(scripts.OwnerVariable);

    /// <summary>The sender of the current datagram, as handlers know it.</summary>
    public DatagramRecipient Peer { get; private set; } = null!;

    public override Recipient Recipient => Peer;

    protected override List<PSVariable> Variables => [_peer, _owner];

    protected override bool TryNext(out object? message)
    {
        message = null;
        if (!datagrams.NextCall())
            return false;
        message = scripts.Given(datagrams);
        if (Handler.Fits(message))
            return true;
        datagrams.Repeat();
        return false;
    }

    protected override void SetVariables()
    {
        Peer = scripts.RecipientOf(datagrams.Peer);
        (_peer.Value, _owner.Value) = (datagrams.Peer, datagrams.Owner);
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
