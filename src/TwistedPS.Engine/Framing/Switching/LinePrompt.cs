using System.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>A text after which a peer waits, without ending the line. It is found once.</summary>
/// <param name="text">The text.</param>
/// <param name="encoding">The encoding of it.</param>
internal sealed class LinePrompt(string text, Encoding encoding)
{
    private readonly byte[] _bytes = encoding.GetBytes(text);

    /// <summary>The line that it was the end of; null while it has not come.</summary>
    public string? Received { get; private set; }

    /// <summary>Whether it is sure to be no whole line, as it ends with a blank.</summary>
    public bool EndsWithBlank { get; } = char.IsWhiteSpace(text[^1]);

    /// <summary>Whether bytes may end with it.</summary>
    public bool MayEnd(ReadOnlySpan<byte> bytes) => Received is null && bytes.EndsWith(_bytes);

    /// <summary>
    /// Accepts what has come of a line, if that is the prompt. Only after a text that ends with a blank more than the text is one:
    /// any other may be a word of a line whose rest is on its way.
    /// </summary>
    public bool TryAccept(string line)
    {
        if (line != text && !(EndsWithBlank && line.EndsWith(text, StringComparison.Ordinal)))
            return false;
        Received = line;
        return true;
    }
}
