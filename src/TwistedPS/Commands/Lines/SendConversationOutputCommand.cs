using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Sends what a conversation outputs to its peer. The command exists in the module's own runspaces only.</summary>
[Cmdlet("Send", "ConversationOutput")]
internal sealed class SendConversationOutputCommand : TwistedCommand
{
    private readonly ConversationWork _conversation = ConversationWork.Current!;
    private readonly List<PSObject?> _pending = [];
    private readonly Sender _sender;

    public SendConversationOutputCommand() => _sender = new Sender(this);

    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _sender.TryFind(_conversation.Connection, _ => true);
        _conversation.SendOutput = Send;
    }

    protected override void ProcessRecord()
    {
        if (InputObject is null)
            return;
        if (InputObject.BaseObject is Deferred deferred)
        {
            _conversation.SendLater(deferred);
            return;
        }

        if (_conversation.StreamsBytes && InputObject.BaseObject is byte single)
        {
            Send();
            RequirePeer();
            _sender.Send(single, messages: 1, null);
            return;
        }

        _pending.Add(InputObject);
        if (!_conversation.WaitsForMore(InputObject))
            Send();
    }

    protected override void EndProcessing() => Send();

    private void Send()
    {
        if (_pending.Count == 0)
            return;
        RequirePeer();
        PSObject?[] output = [.. _pending];
        _pending.Clear();
        ReadOnlyMemory<byte> bytes = _conversation.Encode(output, out int messages);
        _sender.Send(bytes, messages, null);
    }

    private void RequirePeer()
    {
        if (_conversation.HasEnded)
            ThrowTerminatingError(Errors.ConversationEnded(_conversation.Connection));
    }
}
