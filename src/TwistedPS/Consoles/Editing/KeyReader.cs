using System.Text;

namespace TwistedPS.Consoles;

/// <summary>
/// A reader of keys, which puts together what arrives in several: Alt and a key as a terminal sends them, and a text that is
/// pasted (bracketed paste).
/// </summary>
/// <param name="next">The next key, waited for up to a time; null for none.</param>
internal sealed class KeyReader(Func<TimeSpan, ConsoleKeyInfo?> next)
{
    /// <summary>What has a terminal mark the text that is pasted.</summary>
    public const string MarkPaste = "\x1b[?2004h";

    public const string DoNotMarkPaste = "\x1b[?2004l";

    private const char Escape = '\x1b';
    private const string PasteBegins = "200~";
    private const string PasteEnds = "\x1b[201~";

    // What belongs together may be on its way through a slow line.
    private static readonly TimeSpan s_restOfKey = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_restOfPaste = TimeSpan.FromSeconds(2);

    /// <summary>Reads a key if there is one.</summary>
    public bool TryRead(out EditorKey key)
    {
        key = default;
        if (next(TimeSpan.Zero) is not { } first)
            return false;
        key = EditorKey.Of(first);
        if (first is { KeyChar: Escape, Modifiers: 0 } && next(s_restOfKey) is { } second)
            key = second.KeyChar == '[' ? ReadSequence() : EditorKey.Of(second, also: ConsoleModifiers.Alt);
        return true;
    }

    private EditorKey ReadSequence()
    {
        var sequence = new StringBuilder();
        while (next(s_restOfKey) is { } part)
        {
            sequence.Append(part.KeyChar);
            if (part.KeyChar is >= '@' and <= '~')
                break;
        }

        // Any other is of a key that nobody knows.
        return sequence.ToString() == PasteBegins ? EditorKey.OfPaste(ReadPaste()) : default;
    }

    private string ReadPaste()
    {
        var text = new StringBuilder();
        while (next(s_restOfPaste) is { } part)
        {
            if (part.KeyChar != '\0')
                text.Append(part.KeyChar);
            if (part.KeyChar == '~' && EndsPaste(text))
            {
                text.Length -= PasteEnds.Length;
                break;
            }
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    private static bool EndsPaste(StringBuilder text) =>
        text.Length >= PasteEnds.Length && text.ToString(text.Length - PasteEnds.Length, PasteEnds.Length) == PasteEnds;
}
