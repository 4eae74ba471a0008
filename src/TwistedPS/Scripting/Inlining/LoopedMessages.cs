using System.Management.Automation;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;

namespace TwistedPS.Scripting.Inlining;

/// <summary>The messages of a batch, for the script of a handler with commands. On the reactor's thread only.</summary>
/// <param name="recipient">The connection, as handlers know it.</param>
/// <param name="connection">The connection.</param>
/// <param name="messages">The batch, whose current call is the first of these.</param>
internal sealed class LoopedMessages<TMessage>(
    ConnectionRecipient<TMessage> recipient, MessageConnection<TMessage> connection, MessageBatch<TMessage> messages)
    : LoopedCalls(recipient.Scripts.Host)
{
    public override object? Current => messages.Given;

    public override Recipient Recipient => recipient;

    protected override List<PSVariable> Variables => [.. recipient.Variables];

    protected override bool TryBegin()
    {
        if (!messages.NextCall())
            return false;
        if (messages.Kind != ArrivalKind.Message)
        {
            messages.Repeat();
            return false;
        }

        recipient.ResetVariables();
        return true;
    }

    protected override bool TrySend(List<object?> items)
    {
        if (PlainOutput.MessagesOf(items, recipient.Scripts.Format) is not { } all
            || !Array.TrueForAll(all, message => connection.Format.Refuse(message) is null))
            return false;
        foreach (TMessage message in all)
            connection.WriteMessage(message);
        return true;
    }
}
