using System.Globalization;
using System.Management.Automation;

namespace TwistedPS.Scripting.Inlining;

/// <summary>A handler with commands as a script that runs it for many messages.</summary>
/// <param name="Script">The script, whose argument are <see cref="LoopedCalls"/>.</param>
/// <param name="MessageType">The type of the parameter that gets the message; null for any.</param>
/// <param name="Checks">The checks of that parameter.</param>
/// <param name="Types">The types that it defines.</param>
internal sealed record LoopedHandler(ScriptBlock Script, Type? MessageType, ArgumentChecks Checks, OwnTypes Types)
{
    /// <summary>
    /// Whether the handler can get a message in the loop. One that its parameter refuses goes to a call, whose error is PowerShell's own,
    /// and so does the first one where PowerShell has yet to make its types.
    /// </summary>
    public bool Fits(object? message)
    {
        object? argument = message;
        bool isOfType = MessageType is null || MessageType.IsInstanceOfType(message)
            || (MessageType.IsValueType && LanguagePrimitives.TryConvertTo(message, MessageType, CultureInfo.InvariantCulture, out argument));
        return isOfType && Checks.Pass(argument) && Types.Exist;
    }
}
