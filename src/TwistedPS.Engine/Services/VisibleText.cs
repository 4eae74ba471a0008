using System.Buffers;
using System.Text;

namespace TwistedPS.Engine.Services;

/// <summary>
/// Text of others as it is shown to people: what would move a cursor, end a line or turn the direction of writing is written
/// as an escape, as <c>-Delimiter</c> understands it. Tabs and everything visible are left as they are.
/// </summary>
internal static class VisibleText
{
    private static readonly SearchValues<char> s_hidden = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Where(code => code != '\t').Concat(Enumerable.Range(0x7F, 0x21)).Select(code => (char)code),
        .. "\u061C\u200E\u200F\u2028\u2029\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069"]);

    /// <summary>Returns the text with escapes such as <c>\n</c>, <c>\e</c>, <c>\x9B</c> or <c>\u202E</c>.</summary>
    public static string Of(string text)
    {
        int next = text.AsSpan().IndexOfAny(s_hidden);
        if (next < 0)
            return text;
        var visible = new StringBuilder(text.Length + 16);
        ReadOnlySpan<char> left = text;
        for (; next >= 0; next = left.IndexOfAny(s_hidden))
        {
            visible.Append(left[..next]).Append(EscapeOf(left[next]));
            left = left[(next + 1)..];
        }

        return visible.Append(left).ToString();
    }

    /// <summary>Returns the words of an error on one line: what is written in several is joined by spaces.</summary>
    public static string JoinLines(string text) => text.AsSpan().IndexOfAny('\r', '\n') < 0
        ? text
        : string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static string EscapeOf(char hidden) => hidden switch
    {
        '\n' => @"\n",
        '\r' => @"\r",
        '\u001B' => @"\e",
        '\0' => @"\0",
        < '\u0100' => $@"\x{(int)hidden:X2}",
        _ => $@"\u{(int)hidden:X4}",
    };
}
