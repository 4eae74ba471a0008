using System.Management.Automation;

namespace TwistedPS;

/// <content>The errors of conversations.</content>
internal static partial class Errors
{
    public static ErrorRecord ConversationContradicted(string handler) => Make(
        "ConversationContradicted",
        ErrorCategory.InvalidArgument,
        handler,
        $"-{handler} can't be given with -Conversation, which receives what the peer sends by itself.");

    public static ErrorRecord ConversationEnded(Connection connection) => Make(
        "ConversationEnded",
        ErrorCategory.ConnectionError,
        connection,
        connection.CloseReason == CloseReason.None
            ? $"The conversation with {connection} has ended: the peer sends nothing more, or the connection is about to close."
            : $"The conversation with {connection} has ended: {connection.DescribeEnd()}.");

    public static ErrorRecord ConversationMissing(string command, string parameter, string kind = "") => Make(
        "ConversationMissing",
        ErrorCategory.InvalidArgument,
        command,
        $"{command} needs -{parameter}: only in a conversation{kind} it has the connection to the peer by itself.");

    public static ErrorRecord MessageMissing(string command, string parameter) => Make(
        "MessageMissing", ErrorCategory.InvalidArgument, command, $"{command} needs -{parameter}: there is nothing to send.");

    /// <summary>
    /// Whether the error that ended a conversation says only that there is nobody to talk to any more: the peer, or once that is gone
    /// a client that has ended with it.
    /// </summary>
    public static bool IsConversationEnded(Exception error, Connection connection) => RecordOf(error).FullyQualifiedErrorId.Split(',')[0] switch
    {
        nameof(ConversationEnded) => true,
        nameof(NotConnected) or "ConnectCancelled" => connection.Status == ConnectionStatus.Closed,
        _ => false,
    };
}
