using System.Text;

namespace TwistedPS.Redis;

/// <summary>
/// Patterns of subjects as Redis knows patterns of channels, where a wildcard heeds no dots. No two patterns become the same one,
/// since Redis counts a client once that subscribes twice.
/// </summary>
internal static class Glob
{
    /// <summary>Returns a pattern of Redis that matches all that a pattern of subjects does.</summary>
    public static string Of(string pattern)
    {
        var glob = new StringBuilder();
        foreach (string word in pattern.Split('.'))
            glob.Append(glob.Length == 0 ? "" : ".").Append(word switch { "*" => "?*", ">" => "*", _ => Escape(word) });
        return glob.ToString();
    }

    /// <summary>Whether that pattern of Redis matches other subjects as well.</summary>
    public static bool IsLoose(string pattern) => pattern.Split('.').Contains("*");

    private static string Escape(string word)
    {
        var escaped = new StringBuilder();
        foreach (char letter in word)
            escaped.Append(letter is '*' or '?' or '[' or ']' or '^' or '\\' ? "\\" : "").Append(letter);
        return escaped.ToString();
    }
}
