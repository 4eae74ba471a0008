namespace TwistedPS.Engine.Services;

/// <summary>The words for an error that has ended a handler.</summary>
/// <param name="Message">The text of the error.</param>
/// <param name="Where">The place in a script that it comes from; null if there is none.</param>
internal sealed record ErrorDescription(string Message, string? Where = null)
{
    /// <summary>Returns the message on one line, followed by the place in parentheses.</summary>
    public override string ToString() => Where is null ? VisibleText.JoinLines(Message) : $"{VisibleText.JoinLines(Message)} ({Where})";
}
