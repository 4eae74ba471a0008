using System.Globalization;
using System.Text.RegularExpressions;

namespace TwistedPS.Engine.Framing;

/// <summary>Escapes for characters that are hard to type, as C and PowerShell write them.</summary>
internal static partial class Escapes
{
    private static readonly Dictionary<char, string> s_characters = new()
    {
        ['0'] = "\0",
        ['a'] = "\a",
        ['b'] = "\b",
        ['e'] = "\u001B",
        ['f'] = "\f",
        ['n'] = "\n",
        ['r'] = "\r",
        ['t'] = "\t",
        ['v'] = "\v",
        ['\\'] = "\\",
        ['`'] = "`",
    };

    /// <summary>Replaces each escape by its character; anything else that looks like one is text.</summary>
    public static string Replace(string text) => Escape().Replace(text, CharacterOf);

    [GeneratedRegex(@"\\x(?<code>[0-9A-Fa-f]{2})|\\u(?<code>[0-9A-Fa-f]{4})|\\(?<name>[0abefnrtv\\])|`(?<name>[0abefnrtv`])")]
    private static partial Regex Escape();

    private static string CharacterOf(Match escape) => escape.Groups["code"] is { Success: true } code
        ? ((char)int.Parse(code.ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()
        : s_characters[escape.Groups["name"].ValueSpan[0]];
}
