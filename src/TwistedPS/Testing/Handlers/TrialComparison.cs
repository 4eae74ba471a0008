using System.Text;

namespace TwistedPS.Testing;

/// <summary>The comparison of what a server did in a variation with what it did when each message came by itself.</summary>
internal sealed class TrialComparison
{
    private const int BytesBefore = 40;
    private const int BytesShown = 60;

    private readonly Conversation _conversation;
    private readonly TrialOutcome _whole;
    private readonly Encoding _encoding;

    /// <param name="conversation">The conversation.</param>
    /// <param name="whole">The outcome of whole messages.</param>
    /// <param name="encoding">The encoding of text, to show it.</param>
    public TrialComparison(Conversation conversation, TrialOutcome whole, Encoding encoding) =>
        (_conversation, _whole, _encoding) = (conversation, whole, encoding);

    /// <summary>Whether handlers may have something to say at the end of the peer's sending.</summary>
    public bool MaySpeakAtEnd { get; init; }

    /// <summary>Whether a connection may stay open after the end of the peer's sending.</summary>
    public bool MayStayOpen { get; init; }

    /// <summary>Whether errors of handlers are meant to happen.</summary>
    public bool ExpectsErrors { get; init; }

    /// <summary>The reply that is expected of whole messages; null for any.</summary>
    public byte[]? Reply { get; init; }

    /// <summary>Returns the result of a variation.</summary>
    public HandlerTestResult Compare(HandlerVariation variation, int bytes, TrialOutcome outcome)
    {
        var result = new HandlerTestResult(variation, bytes);
        return variation switch
        {
            HandlerVariation.WholeMessages => CompareWhole(result, bytes),
            HandlerVariation.Segments => CompareReply(result, bytes, outcome) ?? CompareEnd(result, bytes, outcome),
            HandlerVariation.HalfClose => CompareBeginning(result, bytes, outcome, isReset: false),
            _ => CompareBeginning(result, bytes, outcome, isReset: true),
        } ?? result;
    }

    private HandlerTestResult? CompareWhole(HandlerTestResult result, int bytes)
    {
        if (!ExpectsErrors && _whole.Errors is [var first, ..])
            return Differs(result, bytes, "no error", first);
        return (Reply is null ? null : CompareBytes(result, bytes, Reply, _whole.Reply.Span)) ?? CompareClose(result, bytes, _whole);
    }

    private HandlerTestResult? CompareClose(HandlerTestResult result, int bytes, TrialOutcome outcome) =>
        outcome.Reason == CloseReason.None && !MayStayOpen ? Differs(result, bytes, "a close", EndOf(outcome)) : null;

    private HandlerTestResult? CompareReply(HandlerTestResult result, int bytes, TrialOutcome outcome) =>
        CompareBytes(result, bytes, _whole.Reply.Span, outcome.Reply.Span);

    private HandlerTestResult? CompareEnd(HandlerTestResult result, int bytes, TrialOutcome outcome)
    {
        for (int i = 0; i < Math.Max(_whole.Errors.Count, outcome.Errors.Count); i++)
        {
            (string? expected, string? came) = (_whole.Errors.ElementAtOrDefault(i), outcome.Errors.ElementAtOrDefault(i));
            if (expected != came)
                return Differs(result, bytes, expected ?? "no error", came ?? "no error");
        }

        return _whole.Reason == outcome.Reason ? null : Differs(result, bytes, EndOf(_whole), EndOf(outcome));
    }

    /// <summary>
    /// Compares what a server did with the beginning of the conversation: it must have answered all whole messages, and may not
    /// have said what it says to later ones.
    /// </summary>
    private HandlerTestResult? CompareBeginning(HandlerTestResult result, int bytes, TrialOutcome outcome, bool isReset)
    {
        ReadOnlySpan<byte> expected = _whole.Reply.Span;
        ReadOnlySpan<byte> came = outcome.Reply.Span[..(isReset || MaySpeakAtEnd ? outcome.BeforeEnd : outcome.Reply.Length)];
        int least = isReset ? 0 : RepliedAfter(bytes);
        if (came.Length < least || came.CommonPrefixLength(expected) < came.Length)
            return CompareBytes(result, bytes, came.Length < least ? expected[..least] : expected[..Math.Min(came.Length, expected.Length)], came);
        if (outcome.Errors.FirstOrDefault(error => !_whole.Errors.Contains(error)) is { } error)
            return Differs(result, bytes, "no error", error);
        return CompareClose(result, bytes, outcome);
    }

    /// <summary>The number of bytes of the reply to the whole messages among so many bytes.</summary>
    private int RepliedAfter(int bytes)
    {
        int messages = _conversation.Ends.Count(end => end <= bytes);
        return _whole.Replied[Math.Min(messages, _whole.Replied.Count - 1)];
    }

    private static string EndOf(TrialOutcome outcome) =>
        outcome.Reason == CloseReason.None ? "a connection that stays open" : $"a close with {outcome.Reason}";

    private HandlerTestResult? CompareBytes(HandlerTestResult result, int bytes, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> came)
    {
        int at = expected.CommonPrefixLength(came);
        if (at == expected.Length && at == came.Length)
            return null;
        string wanted = ShowAt(expected, at);
        string got = ShowAt(came, at);
        return new HandlerTestResult(result.Variation, bytes)
        {
            Position = at,
            Expected = wanted,
            Actual = got,
            Difference = $"the reply differs at byte {at}: expected {wanted}, but came {got}",
        };
    }

    private static HandlerTestResult Differs(HandlerTestResult result, int bytes, string expected, string came) => new(result.Variation, bytes)
    {
        Expected = expected,
        Actual = came,
        Difference = $"expected {expected}, but {came}",
    };

    /// <summary>Returns what is around a place, from the beginning of its line where that is near.</summary>
    private string ShowAt(ReadOnlySpan<byte> reply, int at)
    {
        int near = Math.Max(0, at - BytesBefore);
        int start = near + reply[near..at].LastIndexOf((byte)'\n') + 1;
        ReadOnlySpan<byte> shown = reply[start..Math.Min(reply.Length, start + BytesShown)];
        return shown.IsEmpty ? "nothing more" : ShownMessage.Of(shown.ToArray(), _encoding);
    }
}
