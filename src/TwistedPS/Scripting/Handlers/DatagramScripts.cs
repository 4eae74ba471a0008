using System.Management.Automation;
using TwistedPS.Engine.Datagrams;
using TwistedPS.Engine.Services;

namespace TwistedPS.Scripting;

/// <summary>The scriptblocks of a datagram socket; what a handler outputs is sent to the sender, a datagram for each object.</summary>
internal sealed class DatagramScripts(ReactorHost host, HandlerScope scope, string ownerVariable)
    : Scripts(host, scope, ownerVariable), IDatagramHandler
{
    public required DataOutput Format { get; init; }

    /// <summary>Whether handlers get text instead of bytes.</summary>
    public bool IsText { get; init; }

    public ScriptHandler? OnStart { get; init; }

    public ScriptHandler? OnDatagram { get; init; }

    public ScriptHandler? OnError { get; init; }

    public ScriptHandler? OnStop { get; init; }

    protected override IEnumerable<ScriptHandler?> All => [OnStart, OnDatagram, OnError, OnStop];

    public void Started(DatagramService service)
    {
        Initialize();
        Call(OnStart, service, service, service);
    }

    public void Stopped(DatagramService service) => Run(OnStop, service, service, service);

    public void Received(DatagramPeer peer, byte[] data)
    {
        DatagramRecipient recipient = RecipientOf(peer);
        object given = IsText ? peer.Owner.Encoding.GetString(data) : data;
        try
        {
            Call(OnDatagram!, recipient, [], given, peer, given);
        }
        catch (RuntimeException e)
        {
            Failed("OnDatagram", recipient, e);
        }
    }

    public void Failed(DatagramService service, Exception error)
    {
        ErrorRecord record = Errors.DatagramFailed(error, service);
        if (OnError is null)
            Report($"{service}", record.Exception);
        else
            Run(OnError, service, record, null, record);
    }

    /// <summary>Deals with the error that a handler, or what it left behind, has ended with.</summary>
    public void Failed(string handler, DatagramRecipient recipient, Exception error)
    {
        DatagramPeer peer = recipient.Peer;
        peer.Owner.AddError(handler, peer, error);
        if (OnError is null)
            Report($"{handler} of {peer.Owner}", error);
        else
            peer.Owner.Call(new HandlerCall(peer.Owner, "OnError"), peer, error, it => CallOnError(recipient, it));
    }

    private void CallOnError(DatagramRecipient recipient, Exception error)
    {
        ErrorRecord record = Errors.RecordOf(error);
        try
        {
            Call(OnError!, recipient, [], record, recipient.Peer, record);
        }
        catch (RuntimeException e)
        {
            Report($"{Host.Reactor.Watch.Current?.Handler}", e);
            throw;
        }
    }

    /// <summary>One for each peer, made when it is needed first.</summary>
    private DatagramRecipient RecipientOf(DatagramPeer peer) =>
        (DatagramRecipient)(peer.HandlerState ??= new DatagramRecipient(this, peer));
}
