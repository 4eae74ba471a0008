using TwistedPS.Engine.Framing;

namespace TwistedPS.Engine.Inquiries;

/// <summary>The options of a query to servers.</summary>
internal sealed record InquiryOptions
{
    /// <summary>The name of its client in lists and logs.</summary>
    public required string Name { get; init; }

    /// <summary>The framing of the records, and the longest one.</summary>
    public required LineFormat Format { get; init; }

    /// <summary>The longest reply, in bytes.</summary>
    public required int MaxReplyLength { get; init; }

    /// <summary>The time limit for connecting and the whole reply together.</summary>
    public required TimeSpan Timeout { get; init; }
}
