using System.Globalization;

namespace TwistedPS.Consoles;

/// <summary>Characters as people see them (grapheme clusters): a letter with its accents, an emoji of several code points.</summary>
internal static class Characters
{
    /// <summary>The index after the character at an index.</summary>
    public static int Next(string text, int at) =>
        at < text.Length ? at + StringInfo.GetNextTextElementLength(text, at) : text.Length;

    /// <summary>The index of the character before an index.</summary>
    public static int Previous(string text, int at)
    {
        // Only from the beginning can be told where characters begin: flags, for example, are pairs.
        int previous = 0;
        for (int next = 0; next < at; next = Next(text, next))
            previous = next;
        return previous;
    }
}
