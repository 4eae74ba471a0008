using System.Globalization;
using System.Management.Automation;

namespace TwistedPS.Scripting.Inlining;

/// <summary>A handler with commands as a script that runs it for many messages.</summary>
/// <param name="Script">The script, whose argument are <see cref="LoopedCalls"/>.</param>
/// <param name="MessageType">The type of the parameter that gets the message; null for any.</param>
/// <param name="Checks">The checks of that parameter.</param>
internal sealed record LoopedHandler(ScriptBlock Script, Type? MessageType, ArgumentChecks Checks)
{
    /// <summary>Whether a message fits the parameter. The error of one that does not is that of a call of the handler.</summary>
    public bool Fits(object? message)
    {
        object? argument = message;
        bool isOfType = MessageType is null || MessageType.IsInstanceOfType(message)
            || (MessageType.IsValueType && LanguagePrimitives.TryConvertTo(message, MessageType, CultureInfo.InvariantCulture, out argument));
        return isOfType && Checks.Pass(argument);
    }
}
