using TwistedPS.Engine.Framing;

namespace TwistedPS.Engine.Inquiries;

/// <summary>How servers are asked.</summary>
internal sealed record InquiryOptions
{
    /// <summary>The name of its client in lists and logs.</summary>
    public required string Name { get; init; }

    /// <summary>How records are told apart, and the longest one.</summary>
    public required LineFormat Format { get; init; }

    /// <summary>The time for connecting and the whole reply together.</summary>
    public required TimeSpan Timeout { get; init; }
}
