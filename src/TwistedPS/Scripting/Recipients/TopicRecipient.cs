using System.Management.Automation;
using TwistedPS.Engine.Clusters;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Scripting;

/// <summary>A request to a topic; the output of its handler is the reply, which waits for output still to come.</summary>
internal sealed class TopicRecipient(TopicScripts scripts, TopicMessage message) : Recipient
{
    private readonly List<PSObject> _output = [];
    private string? _error;
    private int _held;

    public override IEnumerable<PSVariable> Variables => scripts.VariablesOf(message);

    public override Service Service => message.Topic;

    public override event Action? Ended
    {
        add => message.Topic.Ended += value;
        remove => message.Topic.Ended -= value;
    }

    public override void Send(IEnumerable<PSObject?> output) => _output.AddRange(output.OfType<PSObject>());

    public override void Failed(string handler, Exception error)
    {
        message.Topic.AddError(handler, null, error);
        scripts.Report($"{handler} of {message.Topic}", error);
        _error = Errors.Describe(error).Message;
    }

    public override void Hold()
    {
        _held++;
        message.Topic.Hold();
    }

    public override void Release()
    {
        if (--_held == 0)
            Reply();
        message.Topic.Release();
    }

    private void Reply()
    {
        try
        {
            message.Reply(_error is null ? Content() : Payload.OfError(_error));
        }
        catch (Exception e) when (e is BackplaneException or RuntimeException)
        {
            message.Topic.AddError("OnMessage", null, e);
            scripts.Report($"The reply of {message.Topic}", e);
        }
    }

    private Payload Content() => TopicContent.Encode(_output switch
    {
        [] => null,
        [var single] => single,
        _ => _output.ToArray(),
    });
}
