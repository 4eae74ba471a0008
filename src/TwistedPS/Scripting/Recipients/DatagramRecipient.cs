using System.Management.Automation;
using System.Net.Sockets;
using TwistedPS.Engine.Services;

namespace TwistedPS.Scripting;

/// <summary>The sender of a datagram, to whom the output of handlers is sent; a stop waits for output still to come.</summary>
internal sealed class DatagramRecipient(DatagramScripts scripts, DatagramPeer peer) : Recipient
{
    private readonly PSVariable _peerVariable = new("Peer");
    private readonly PSVariable _ownerVariable = new(scripts.OwnerVariable);

    public override IEnumerable<PSVariable> Variables
    {
        get
        {
            // A handler may have assigned them.
            (_peerVariable.Value, _ownerVariable.Value) = (peer, peer.Owner);
            return [_peerVariable, _ownerVariable];
        }
    }

    public DatagramScripts Scripts => scripts;

    public DatagramPeer Peer => peer;

    public override ICallTarget Target => peer;

    public override object Destination => peer.Owner;

    public override Service Service => peer.Owner;

    public override bool OwnsWhatItStarts => peer.Owner.OwnsWhatItStarts;

    public override event Action? Ended
    {
        add => peer.Owner.Ended += value;
        remove => peer.Owner.Ended -= value;
    }

    public override void Send(IEnumerable<PSObject?> output)
    {
        foreach (byte[] datagram in scripts.Format.Messages(output))
            Send(datagram);
    }

    /// <summary>Sends a datagram; what refuses it is an error of the script, which its OnError may handle.</summary>
    public void Send(byte[] datagram)
    {
        try
        {
            peer.Owner.Output.Answer(datagram, peer);
        }
        catch (Exception e) when (e is SocketException or InvalidMessageException or NotConnectedException)
        {
            throw new RuntimeException(e.Message, e, Errors.DatagramFailed(e, peer));
        }
    }

    public override void Failed(string handler, Exception error) => scripts.Failed(handler, this, error);

    public override void Hold() => peer.Owner.Hold();

    public override void Release() => peer.Owner.Release();
}
