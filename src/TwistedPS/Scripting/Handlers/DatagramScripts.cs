using System.Management.Automation;
using TwistedPS.Engine.Datagrams;
using TwistedPS.Engine.Services;
using TwistedPS.Scripting.Inlining;

namespace TwistedPS.Scripting;

/// <summary>The scriptblocks of a datagram socket; what a handler outputs is sent to the sender, a datagram for each object.</summary>
internal sealed class DatagramScripts(ReactorHost host, HandlerScope scope, string ownerVariable)
    : Scripts(host, scope, ownerVariable), IDatagramHandler
{
    private Verdict? _inlining;
    private DatagramCalls? _calls;
    private LoopedHandler? _looped;

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

    void IDatagramHandler.Prepare() => PrepareFurther();

    public void Stopped(DatagramService service) => Run(OnStop, service, service, service);

    public override IEnumerable<(string Handler, Verdict? Verdict)> Inlining(string onMessage) => [(onMessage, _inlining)];

    public override void Bind()
    {
        base.Bind();
        HandlerInput input = HandlerInput.OfDatagrams(OwnerVariable, IsText);
        _inlining = OnDatagram?.Inline(input, Host.Reactor);
        _looped = _inlining is { Handler: null } ? OnDatagram!.Loop(input) : null;
        _calls = new DatagramCalls(this, OnDatagram?.ExtraArguments ?? []);
    }

    public void Received(DatagramBatch datagrams)
    {
        if (_inlining?.Handler is { } inlined)
        {
            RunInlined(inlined, _calls!.Of(datagrams));
            return;
        }

        while (datagrams.NextCall())
        {
            object given = Given(datagrams);
            if (_looped?.Fits(given) == true)
                RunLooped(new LoopedDatagrams(this, datagrams, _looped, given));
            else
                Run(datagrams, given);
        }
    }

    /// <summary>Returns the value of <c>$_</c> for the current datagram.</summary>
    public object Given(DatagramBatch datagrams) => IsText ? datagrams.Owner.Encoding.GetString(datagrams.Current) : datagrams.Current;

    /// <summary>Returns the recipient of answers to a peer: one for each, made when it is needed first.</summary>
    public DatagramRecipient RecipientOf(DatagramPeer peer)
    {
        // Set-UdpServer may have replaced the scripts that made it.
        if (peer.HandlerState is DatagramRecipient known && known.Scripts == this)
            return known;
        var recipient = new DatagramRecipient(this, peer);
        peer.HandlerState = recipient;
        return recipient;
    }

    public void Failed(DatagramService service, Exception error)
    {
        ErrorRecord record = Errors.DatagramFailed(error, service);
        if (OnError is not null)
            Run(OnError, service, record, null, record);
        else if (!service.IsQueued)
            Report($"{service}", record.Exception);
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

    private void Run(DatagramBatch datagrams, object given)
    {
        DatagramRecipient recipient = RecipientOf(datagrams.Peer);
        try
        {
            Call(OnDatagram!, recipient, [], given, datagrams.Peer, given);
        }
        catch (RuntimeException e)
        {
            Failed("OnDatagram", recipient, e);
        }
    }

    private void RunInlined(InlinedHandler handler, DatagramCalls calls)
    {
        while (!calls.IsDone)
        {
            try
            {
                handler.Invoke(calls);

                // A handler that returns ends the loop that it is in.
                if (!calls.IsDone)
                    calls.EndCall();
            }
            catch (RuntimeException e) when (calls.IsCalling)
            {
                calls.DropCall();
                Failed("OnDatagram", calls.CurrentRecipient, e);
            }
        }
    }

    private void RunLooped(LoopedDatagrams calls)
    {
        while (!calls.IsDone)
        {
            try
            {
                calls.Run();
            }
            catch (RuntimeException e) when (calls.IsCalling)
            {
                calls.DropCall();
                Failed("OnDatagram", calls.Peer, e);
            }
        }
    }
}
