using System.Management.Automation;
using TwistedPS.Engine.Services;

namespace TwistedPS.Formatting;

/// <summary>What others have sent as it is safe to show, for the views of <c>TwistedPS.Format.ps1xml</c>.</summary>
public static class Visible
{
    /// <summary>Returns text with escapes for its control characters and marks of direction, and anything else unchanged.</summary>
    public static object? Text(object? value) => value switch
    {
        PSObject { BaseObject: string text } => VisibleText.Of(text),
        string text => VisibleText.Of(text),
        _ => value,
    };
}
