using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;

namespace TwistedPS.Scripting.Inlining;

/// <summary>What has arrived on a connection for one of its inlined handlers, or for both. On the reactor's thread only.</summary>
/// <param name="recipient">The connection, as handlers know it.</param>
/// <param name="connection">The connection.</param>
/// <param name="kind">What the handler is for; null for messages and bytes.</param>
/// <param name="extraArguments">The handler's arguments besides its own.</param>
internal sealed class MessageCalls<TMessage>(
    ConnectionRecipient<TMessage> recipient, MessageConnection<TMessage> connection, ArrivalKind? kind, object?[] extraArguments)
    : InlinedCalls<TMessage>(recipient.Scripts.Format.ToMessage!, recipient.Scripts.Format.JoinsBytes, extraArguments)
{
    private MessageBatch<TMessage> _messages = null!;

    public override object? Source => connection;

    public override Service Owner => connection.Owner;

    public override object? Current => _messages.Given;

    public override bool IsData => _messages.Kind == ArrivalKind.Data;

    protected override Recipient Recipient => recipient;

    /// <summary>Begins with a batch whose current call is one of these. A call that was interrupted is forgotten.</summary>
    public MessageCalls<TMessage> Of(MessageBatch<TMessage> messages)
    {
        (_messages, IsDone) = (messages, false);
        messages.Repeat();
        DropCall();
        return this;
    }

    protected override bool BeginNext()
    {
        if (!_messages.NextCall())
            return false;
        if (kind is null ? _messages.Kind != ArrivalKind.TooLong : _messages.Kind == kind)
            return true;
        _messages.Repeat();
        return false;
    }

    protected override void Send(TMessage message) => connection.WriteMessage(message);

    protected override bool IsRefused(TMessage message) => connection.Format.Refuse(message) is not null;
}
