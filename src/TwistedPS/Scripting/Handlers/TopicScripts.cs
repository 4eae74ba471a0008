using System.Management.Automation;
using TwistedPS.Engine.Clusters;

namespace TwistedPS.Scripting;

/// <summary>The scriptblock of a topic; its output is the reply to a request, and otherwise goes to the log.</summary>
internal sealed class TopicScripts(ReactorHost host, HandlerScope scope) : Scripts(host, scope, "Topic"), ITopicHandler
{
    public ScriptHandler? OnMessage { get; init; }

    protected override IEnumerable<ScriptHandler?> All => [OnMessage];

    public void Received(TopicMessage message)
    {
        if (message.IsRequest)
            Answer(message);
        else
            Handle(message);
    }

    /// <summary>Returns the variables of the handler of a message.</summary>
    public IEnumerable<PSVariable> VariablesOf(TopicMessage message) =>
        [new PSVariable(OwnerVariable, message.Topic), new PSVariable(nameof(message.Subject), message.Subject)];

    private void Answer(TopicMessage message)
    {
        var recipient = new TopicRecipient(this, message);
        recipient.Hold();
        try
        {
            Call(message, recipient, []);
        }
        catch (RuntimeException e)
        {
            recipient.Failed(nameof(OnMessage), e);
        }

        recipient.Release();
    }

    private void Handle(TopicMessage message)
    {
        Recipient recipient = Answered ?? new LogRecipient(this, message.Topic);
        try
        {
            Call(message, recipient, VariablesOf(message));
        }
        catch (RuntimeException e)
        {
            if (Answered is null)
                Report($"{Host.Reactor.Watch.Current?.Handler}", e);
            else
                Answered.Failed($"{Host.Reactor.Watch.Current?.Handler}", e);
            throw;
        }
    }

    private void Call(TopicMessage message, Recipient recipient, IEnumerable<PSVariable> variables)
    {
        object? content = ContentOf(message);
        Call(OnMessage!, recipient, variables, content, message.Topic, content);
    }

    private static object? ContentOf(TopicMessage message)
    {
        try
        {
            return TopicContent.Decode(message.Payload);
        }
        catch (InvalidMessageException e)
        {
            throw new RuntimeException(e.Message, e, Errors.JsonInvalid(e, message.Payload.Bytes.ToArray()));
        }
    }
}
