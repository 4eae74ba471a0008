using System.Globalization;
using System.Text;
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

    /// <summary>Returns the bytes of a text in UTF-8, in which <c>\xFF</c> is a byte.</summary>
    public static byte[] ToBytes(string text)
    {
        var bytes = new List<byte>();
        int at = 0;
        foreach (Match escape in Escape().Matches(text))
        {
            bytes.AddRange(Encoding.UTF8.GetBytes(text[at..escape.Index]));
            string character = CharacterOf(escape);
            bytes.AddRange(escape.ValueSpan.StartsWith(@"\x") ? [(byte)character[0]] : Encoding.UTF8.GetBytes(character));
            at = escape.Index + escape.Length;
        }

        return [.. bytes, .. Encoding.UTF8.GetBytes(text[at..])];
    }

    /// <summary>Returns a text that is these bytes.</summary>
    public static string Write(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (byte one in bytes)
        {
            text.Append((char)one switch
            {
                '\0' => @"\0",
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                '\\' => @"\\",
                '`' => "``",
                >= ' ' and <= '~' => $"{(char)one}",
                _ => $@"\x{one:X2}",
            });
        }

        return text.ToString();
    }

    [GeneratedRegex(@"\\x(?<code>[0-9A-Fa-f]{2})|\\u(?<code>[0-9A-Fa-f]{4})|\\(?<name>[0abefnrtv\\])|`(?<name>[0abefnrtv`])")]
    private static partial Regex Escape();

    private static string CharacterOf(Match escape) => escape.Groups["code"] is { Success: true } code
        ? ((char)int.Parse(code.ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()
        : s_characters[escape.Groups["name"].ValueSpan[0]];
}
