using System.Management.Automation;
using System.Text;
using TwistedPS.Scripting.Inlining;

namespace TwistedPS.Scripting;

/// <summary>Output as bytes: bytes as they are, even if unrolled by a pipeline; anything else as its text.</summary>
/// <param name="encoding">The encoding of text.</param>
/// <param name="joinsBytes">Whether bytes in a row are one message, as with a framing.</param>
internal sealed class DataOutput(Encoding encoding, bool joinsBytes) : OutputFormat<byte[]>
{
    public override Func<object, byte[]> ToMessage { get; } = item => item switch
    {
        byte[] bytes => bytes,
        string text => encoding.GetBytes(text),
        _ => DataParts.BytesOf(item) ?? encoding.GetBytes(Rendering.TextOf(item)),
    };

    public override bool JoinsBytes => joinsBytes;

    public override bool StreamsBytes => !joinsBytes;

    public override bool WaitsForMore(PSObject item) =>
        item.BaseObject is byte ? joinsBytes : DataParts.BytesOf(item) is null && base.WaitsForMore(item);

    public override bool IsPlain(object? item) => PlainOutput.IsText(item) || PlainOutput.Unwrap(item) is byte or byte[];

    public override IEnumerable<byte[]> Messages(IEnumerable<PSObject?> output)
    {
        using var parts = new DataParts();
        foreach (object part in output.SelectMany(parts.Add))
            yield return Encode(part, encoding);
        foreach (object part in parts.End())
            yield return Encode(part, encoding);
    }

    /// <summary>Returns the bytes of a part.</summary>
    public static byte[] Encode(object part, Encoding encoding) => part as byte[] ?? encoding.GetBytes((string)part);
}
