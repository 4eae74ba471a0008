using Newtonsoft.Json;

namespace TwistedPS;

/// <summary>An error that has ended a handler.</summary>
/// <param name="Time">The time of the error, in local time.</param>
/// <param name="Handler">The name of the handler, for example <c>OnLine</c>.</param>
/// <param name="Connection">The connection it was called for; null for the handlers of the server itself.</param>
/// <param name="Exception">The exception that it threw.</param>
public sealed record HandlerError(DateTimeOffset Time, string Handler, [property: JsonIgnore] object? Connection, Exception Exception)
{
    /// <summary>The message of the exception.</summary>
    public string Message => Exception.Message;

    /// <summary>The exception that it threw.</summary>
    internal Exception Exception { get; } = Exception;

    /// <summary>Returns the handler and the message.</summary>
    public override string ToString() => $"{Handler}: {Message}";
}
