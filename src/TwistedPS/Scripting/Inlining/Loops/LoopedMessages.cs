using System.Management.Automation;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;

namespace TwistedPS.Scripting.Inlining;

/// <summary>The messages of a batch, for the script of a handler with commands. On the reactor's thread only.</summary>
/// <param name="recipient">The connection, as handlers know it.</param>
/// <param name="connection">The connection.</param>
/// <param name="messages">The batch, whose current call is the first of these.</param>
/// <param name="handler">The handler.</param>
/// <param name="first">What it is given in that call.</param>
internal sealed class LoopedMessages<TMessage>(
    ConnectionRecipient<TMessage> recipient,
    MessageConnection<TMessage> connection,
    MessageBatch<TMessage> messages,
    LoopedHandler handler,
    object? first)
    : LoopedCalls(recipient.Scripts.Host, handler, first)
{
    private readonly ArrivalKind _kind = messages.Kind;

    public override Recipient Recipient => recipient;

    protected override List<PSVariable> Variables => [.. recipient.Variables];

    protected override bool TryNext(out object? message)
    {
        message = null;
        if (!messages.NextCall())
            return false;
        if (messages.Kind == _kind && recipient.Scripts.TryRead(messages, out message, out _) && Handler.Fits(message))
            return true;
        messages.Repeat();
        return false;
    }

    protected override void SetVariables() => recipient.ResetVariables();

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
