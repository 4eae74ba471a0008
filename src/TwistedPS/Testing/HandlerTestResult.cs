namespace TwistedPS;

/// <summary>The result of a test of handlers with one variation of a conversation.</summary>
public sealed class HandlerTestResult
{
    internal HandlerTestResult(HandlerVariation variation, int bytes)
    {
        Variation = variation;
        SegmentSize = variation == HandlerVariation.Segments ? bytes : null;
        After = variation is HandlerVariation.HalfClose or HandlerVariation.Reset ? bytes : null;
    }

    /// <summary>The kind of variation.</summary>
    public HandlerVariation Variation { get; }

    /// <summary>The number of bytes of each segment; null for another kind.</summary>
    public int? SegmentSize { get; }

    /// <summary>The number of bytes of the conversation before the half-close or reset; null for another kind.</summary>
    public int? After { get; }

    /// <summary>Whether the handlers behaved as they should.</summary>
    public bool Passed => Difference is null;

    /// <summary>The number of bytes in the reply before the first difference; null if there is none, or it is no reply that differs.</summary>
    public int? Position { get; internal init; }

    /// <summary>What was expected there; null if there is no difference.</summary>
    public string? Expected { get; internal init; }

    /// <summary>What came instead; null if there is no difference.</summary>
    public string? Actual { get; internal init; }

    /// <summary>The first difference in words; null if there is none.</summary>
    public string? Difference { get; internal init; }

    /// <summary>The variation in words.</summary>
    public string Description => Variation switch
    {
        HandlerVariation.Segments => $"segments of {Count(SegmentSize)}",
        HandlerVariation.HalfClose => $"half-close after {Count(After)}",
        HandlerVariation.Reset => $"reset after {Count(After)}",
        _ => "whole messages",
    };

    /// <summary>Returns the variation, and the difference or that there is none.</summary>
    public override string ToString() => $"{Description}: {Difference ?? "passed"}";

    private static string Count(int? bytes) => bytes == 1 ? "1 byte" : $"{bytes} bytes";
}
