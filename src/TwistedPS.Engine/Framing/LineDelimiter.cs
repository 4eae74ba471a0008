using System.Text;

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

    /// <summary>The text written after each line.</summary>
    public string Text { get; }

    /// <summary>Whether LF without CR ends a line as well.</summary>
    public bool AcceptsLfAlone { get; }

    /// <summary>Parses <c>Auto</c>, <c>LF</c> or <c>CRLF</c> in any case; any other text is the delimiter itself.</summary>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public static LineDelimiter Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return text.ToUpperInvariant() switch
        {
            "AUTO" => Auto,
            "LF" => LF,
            "CRLF" => CRLF,
            _ => new LineDelimiter(text),
        };
    }

    /// <summary>Returns the name or the text.</summary>
    public override string ToString() =>
        this == Auto ? nameof(Auto) : Text switch { "\n" => nameof(LF), "\r\n" => nameof(CRLF), _ => Text };

    internal byte[] GetBytes(Encoding encoding) => encoding.GetBytes(Text);
}
