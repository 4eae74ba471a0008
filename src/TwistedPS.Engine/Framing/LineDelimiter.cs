using TwistedPS.Engine.Framing;

namespace TwistedPS;

/// <summary>The delimiter of lines (Twisted's <c>LineReceiver.delimiter</c>).</summary>
public sealed class LineDelimiter
{
    private LineDelimiter(string text, bool acceptsLfAlone = false) => (Text, AcceptsLfAlone) = (text, acceptsLfAlone);

    /// <summary>LF or CRLF when reading, CRLF when writing. The default.</summary>
    public static LineDelimiter Auto { get; } = new("\r\n", acceptsLfAlone: true);

    /// <summary>LF both ways; a CR before it belongs to the line.</summary>
    public static LineDelimiter LF { get; } = new("\n");

    /// <summary>CRLF both ways; an LF alone belongs to the line.</summary>
    public static LineDelimiter CRLF { get; } = new("\r\n");

    /// <summary>CR both ways.</summary>
    public static LineDelimiter CR { get; } = new("\r");

    /// <summary>A NUL both ways.</summary>
    public static LineDelimiter Nul { get; } = new("\0");

    /// <summary>The text written after each line.</summary>
    public string Text { get; }

    /// <summary>Whether LF without CR ends a line as well.</summary>
    public bool AcceptsLfAlone { get; }

    /// <summary>Whether text is sent as several lines where it has line breaks; otherwise it must not have the delimiter in it.</summary>
    public bool SplitsText => Text is "\n" or "\r\n";

    /// <summary>
    /// Parses <c>Auto</c>, <c>LF</c>, <c>CRLF</c>, <c>CR</c> or <c>NUL</c> in any case; any other text is the delimiter
    /// itself, with escapes such as <c>\r</c>, <c>\0</c>, <c>\x1E</c> or <c>`r</c> in it.
    /// </summary>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public static LineDelimiter Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return text.Equals(nameof(Auto), StringComparison.OrdinalIgnoreCase) ? Auto : Named(text) ?? new LineDelimiter(Escapes.Replace(text));
    }

    /// <summary>Returns the delimiter that has a name, in any case, and is the same both ways; null if there is none.</summary>
    internal static LineDelimiter? Named(string name) => name.ToUpperInvariant() switch
    {
        "LF" => LF,
        "CRLF" => CRLF,
        "CR" => CR,
        "NUL" or "NULL" => Nul,
        _ => null,
    };

    /// <summary>Returns the name or the text.</summary>
    public override string ToString() =>
        this == Auto ? nameof(Auto) : Text switch
        {
            "\n" => nameof(LF),
            "\r\n" => nameof(CRLF),
            "\r" => nameof(CR),
            "\0" => "NUL",
            _ => Text,
        };
}
