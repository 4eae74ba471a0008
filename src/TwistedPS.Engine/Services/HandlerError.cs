namespace TwistedPS;

/// <summary>An error that a handler ended with.</summary>
/// <param name="Time">When, in local time.</param>
/// <param name="Handler">Which handler, for example <c>OnLine</c>.</param>
/// <param name="Connection">The connection it was called for; null for the handlers of the server itself.</param>
/// <param name="Exception">What was thrown.</param>
public sealed record HandlerError(DateTimeOffset Time, string Handler, object? Connection, Exception Exception)
{
    /// <summary>What went wrong, in words.</summary>
    public string Message => Exception.Message;

    /// <summary>The handler and the message.</summary>
    public override string ToString() => $"{Handler}: {Message}";
}
