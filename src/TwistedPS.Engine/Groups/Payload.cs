using System.Text;

namespace TwistedPS.Engine.Groups;

/// <summary>What a message carries.</summary>
/// <param name="Kind">Its form.</param>
/// <param name="Bytes">Its bytes, which nobody changes any more.</param>
internal readonly record struct Payload(PayloadKind Kind, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The answer of nobody.</summary>
    public static Payload NoResponder => new(PayloadKind.NoResponder, default);

    /// <summary>Its bytes as text.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>Creates one of text.</summary>
    public static Payload OfText(string text) => new(PayloadKind.Text, Encoding.UTF8.GetBytes(text));

    /// <summary>Creates one of an error.</summary>
    public static Payload OfError(string message) => new(PayloadKind.Error, Encoding.UTF8.GetBytes(message));
}
