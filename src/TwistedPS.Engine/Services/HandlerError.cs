using Newtonsoft.Json;
using TwistedPS.Engine.Services;

namespace TwistedPS;

/// <summary>An error that has ended a handler.</summary>
/// <param name="Time">The time of the error, in local time.</param>
/// <param name="Handler">The name of the handler, for example <c>OnLine</c>.</param>
/// <param name="Connection">The connection it was called for; null for the handlers of the server itself.</param>
/// <param name="Message">
/// The text of the error; of a command that <c>-ErrorAction Stop</c> has ended, the text of the command's own error.
/// </param>
/// <param name="Where">
/// The place in the handler's script, as <c>file:line:column</c>, or by line and column alone where there is no file; null for
/// an error that comes from no script.
/// </param>
/// <param name="Exception">The exception that it threw.</param>
public sealed record HandlerError(
    DateTimeOffset Time,
    string Handler,
    [property: JsonIgnore] object? Connection,
    string Message,
    string? Where,
    Exception Exception)
{
    /// <summary>The exception that it threw.</summary>
    internal Exception Exception { get; } = Exception;

    /// <summary>Returns the handler and the message, on one line.</summary>
    public override string ToString() => VisibleText.Of($"{Handler}: {VisibleText.JoinLines(Message)}");
}
