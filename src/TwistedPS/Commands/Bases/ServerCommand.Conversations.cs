using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <content>The conversations, in place of a handler for messages.</content>
public abstract partial class ServerCommand
{
    private const int DefaultThrottleLimit = 50;

    /// <summary>
    /// Runs for each connection from its beginning to its end, beside the others, in a runspace of its own, where it may wait for
    /// the peer with Receive-Line or Receive-TcpData. $_ is the connection, and the output is sent. At its end the connection closes.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    public ScriptBlock? Conversation { get; set; }

    /// <summary>The largest number of conversations at once, while other connections wait for their turn; 50 by default.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int ThrottleLimit { get; set; } = DefaultThrottleLimit;

    /// <summary>The text for a peer whose conversation has to wait for its turn; none by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNullOrEmpty]
    public string? QueuedMessage { get; set; }

    /// <summary>Throws where the parameters of conversations and handlers contradict each other.</summary>
    private void CheckConversation(string messageParameter)
    {
        if (Conversation is null)
        {
            this.RefuseParameter([nameof(ThrottleLimit), nameof(QueuedMessage)], $"without -{nameof(Conversation)}");
            return;
        }

        this.RefuseParameter([nameof(ReactorCount)], $"with -{nameof(Conversation)}, whose workers use all cores");
        if (Array.Find([messageParameter, "OnData"], name => MyInvocation.BoundParameters.GetValueOrDefault(name) is ScriptBlock) is { } handler)
            ThrowTerminatingError(Errors.ConversationContradicted(handler));
    }

    private Conversations<TMessage>? CaptureConversations<TMessage>(IMessageFormat<TMessage> format, Func<string, TMessage> toMessage)
    {
        if (Conversation is null)
            return null;
        if (QueuedMessage is not null && format.Refuse(toMessage(QueuedMessage)) is { } error)
            ThrowTerminatingError(Errors.MessageRefused(error, QueuedMessage));
        var values = new ScriptValues(leaveSession: true);
        object?[] arguments = ArgumentList ?? [];
        ConversationScript script = CaptureOrThrow(
            values, () => new ConversationScript(Conversation, InitializationScript, arguments, Session, values, SessionState));
        return new Conversations<TMessage>(Session, script, ThrottleLimit, connection =>
        {
            if (QueuedMessage is not null)
                connection.WriteMessage(toMessage(QueuedMessage));
        });
    }
}
