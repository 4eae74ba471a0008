namespace TwistedPS.Scripting.Inlining;

/// <summary>Whether a handler is inlined.</summary>
/// <param name="Handler">The inlined handler; null if it is not.</param>
/// <param name="Reason">Why it is not, in words that follow "because".</param>
internal sealed record Verdict(InlinedHandler? Handler, string? Reason)
{
    public override string ToString() => Handler is null ? $"not inlined, because {Reason}" : "inlined";
}
