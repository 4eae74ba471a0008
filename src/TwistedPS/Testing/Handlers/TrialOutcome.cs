namespace TwistedPS.Testing;

/// <summary>What a server under test has done in one variation of a conversation.</summary>
/// <param name="Reply">All bytes that the peer got.</param>
/// <param name="Replied">The numbers of them before the conversation, after each segment, and before its end.</param>
/// <param name="Reason">The reason for the close; <see cref="CloseReason.None"/> if the server left it open.</param>
/// <param name="Errors">The errors of handlers, oldest first.</param>
internal sealed record TrialOutcome(ReadOnlyMemory<byte> Reply, IReadOnlyList<int> Replied, CloseReason Reason, IReadOnlyList<string> Errors)
{
    /// <summary>The number of bytes that the peer had before the end of the conversation.</summary>
    public int BeforeEnd => Replied[^1];
}
