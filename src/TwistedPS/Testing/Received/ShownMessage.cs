using System.Management.Automation;
using System.Text;
using System.Text.RegularExpressions;
using TwistedPS.Engine.Services;

namespace TwistedPS.Testing;

/// <summary>Messages as they are shown to a person: in quotes, with escapes, or in hexadecimal, and not too long.</summary>
internal static class ShownMessage
{
    private const int LongestText = 200;
    private const int MostBytes = 32;
    private const int MostMessages = 10;

    /// <summary>Returns text in quotes, bytes that are no text in hexadecimal, an exception's message, or a condition as it is written.</summary>
    public static string Of(object message, Encoding encoding) => message switch
    {
        string text => Quote(text),
        byte[] bytes => TextOf(bytes, encoding) is { } text ? Quote(text) : Hex(bytes),
        Exception error => $"an error ({VisibleText.JoinLines(error.Message)})",
        Regex pattern => $"that matches '{pattern}'",
        ScriptBlock script => $"for which {{{script}}} is true",
        _ => Quote($"{message}"),
    };

    /// <summary>Returns several, separated by commas.</summary>
    public static string All(IReadOnlyCollection<object> messages, Encoding encoding)
    {
        string shown = string.Join(", ", messages.Take(MostMessages).Select(message => Of(message, encoding)));
        return messages.Count > MostMessages ? $"{shown} and {messages.Count - MostMessages} more" : shown;
    }

    private static string Quote(string text) =>
        text.Length > LongestText ? $"'{VisibleText.Of(text[..LongestText])}…'" : $"'{VisibleText.Of(text)}'";

    private static string Hex(byte[] bytes) =>
        $"0x{Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, MostBytes)))}{(bytes.Length > MostBytes ? "…" : "")}";

    private static string? TextOf(byte[] bytes, Encoding encoding)
    {
        string text = encoding.GetString(bytes);
        return text.AsSpan().IndexOfAnyInRange('\0', '\b') < 0 && !text.Contains('\uFFFD', StringComparison.Ordinal) ? text : null;
    }
}
