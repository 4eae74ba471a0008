using TwistedPS.Engine.Streams;

namespace TwistedPS.Scripting.Inlining;

/// <summary>The messages that have arrived on a connection, for an inlined script. On the reactor's thread only.</summary>
/// <param name="recipient">The connection, as handlers know it.</param>
/// <param name="connection">The connection.</param>
/// <param name="format">The conversion of what is output.</param>
/// <param name="extraArguments">The handler's arguments besides its own.</param>
internal sealed class MessageCalls<TMessage>(
    ConnectionRecipient<TMessage> recipient,
    MessageConnection<TMessage> connection,
    OutputFormat<TMessage> format,
    object?[] extraArguments) : InlinedCalls<TMessage>(format.ToMessage!, format.JoinsBytes, extraArguments)
{
    private MessageBatch<TMessage> _messages = null!;

    public override object? Source => connection;

    public override Service Owner => connection.Owner;

    public override object? Current => _messages.Current;

    protected override Recipient Recipient => recipient;

    /// <summary>Begins with other messages. A call that was interrupted is forgotten.</summary>
    public MessageCalls<TMessage> Of(MessageBatch<TMessage> messages)
    {
        (_messages, IsDone) = (messages, false);
        DropCall();
        return this;
    }

    protected override bool BeginNext() => _messages.NextCall();

    protected override void Send(TMessage message) => connection.WriteMessage(message);

    protected override bool IsRefused(TMessage message) => connection.Format.Refuse(message) is not null;
}
