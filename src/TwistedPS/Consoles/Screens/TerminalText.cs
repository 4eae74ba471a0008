using System.Text.RegularExpressions;
using TwistedPS.Engine.Services;

namespace TwistedPS.Consoles;

/// <summary>Text of others as it is safe on a terminal: without its colors, and with escapes for what else would do more than be shown.</summary>
internal static partial class TerminalText
{
    public static string Of(string text) => VisibleText.Of(Colors().Replace(text, ""));

    [GeneratedRegex(@"(?:\x1B\[|\x9B)[0-9;:]*m")]
    private static partial Regex Colors();
}
