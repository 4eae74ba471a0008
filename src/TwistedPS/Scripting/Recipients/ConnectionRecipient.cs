using System.Management.Automation;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
using TwistedPS.Scripting.Inlining;

namespace TwistedPS.Scripting;

/// <summary>A connection, to which the output of handlers is sent; its close waits for output still to come.</summary>
internal sealed class ConnectionRecipient<TMessage>(NetworkServiceScripts<TMessage> scripts, MessageConnection<TMessage> connection) : Recipient
{
    private readonly PSVariable _connectionVariable = new("Connection");
    private readonly PSVariable _ownerVariable = new(scripts.OwnerVariable);
    private MessageCalls<TMessage>? _calls;
    private MessageCalls<TMessage>? _callsForData;

    public override IEnumerable<PSVariable> Variables
    {
        get
        {
            ResetVariables();
            return [_connectionVariable, _ownerVariable];
        }
    }

    /// <summary>Gives the variables their values, which a handler may have changed.</summary>
    public void ResetVariables() => (_connectionVariable.Value, _ownerVariable.Value) = (connection, connection.Owner);

    public NetworkServiceScripts<TMessage> Scripts => scripts;

    public override Connection Connection => connection;

    /// <summary>Returns the calls of the inlined handler that the current call of a batch is for.</summary>
    public MessageCalls<TMessage> Calls(MessageBatch<TMessage> messages)
    {
        bool isData = messages.Kind == ArrivalKind.Data && !scripts.InlinesBoth;
        ref MessageCalls<TMessage>? calls = ref isData ? ref _callsForData : ref _calls;
        calls ??= new MessageCalls<TMessage>(
            this, connection, scripts.InlinesBoth ? null : messages.Kind, scripts.HandlerOf(messages.Kind)!.ExtraArguments);
        return calls.Of(messages);
    }

    public override object Destination => connection;

    public override Service Service => connection.Owner;

    public override event Action? Ended
    {
        add => connection.Ended += value;
        remove => connection.Ended -= value;
    }

    public override void Send(IEnumerable<PSObject?> output) => scripts.Format.Send(output, connection);

    public override void Failed(string handler, Exception error) => scripts.Failed(handler, this, error);

    public override void Own(Service service, bool isAnswer)
    {
        base.Own(service, isAnswer);
        if (!isAnswer || service is not Client client)
            return;
        var end = new QuietEnd(client);
        connection.Closing += end.Start;
        client.Ended += () => connection.Closing -= end.Start;
        if (connection.Status == ConnectionStatus.Closing)
            end.Start();
    }

    public override void Hold() => connection.Hold();

    public override void Release() => connection.Release();
}
