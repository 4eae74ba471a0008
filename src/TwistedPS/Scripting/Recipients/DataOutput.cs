using System.Buffers;
using System.Management.Automation;
using System.Text;

namespace TwistedPS.Scripting;

/// <summary>Output as bytes: bytes as they are, even if unrolled by a pipeline; anything else as its text.</summary>
/// <param name="encoding">The encoding of text.</param>
/// <param name="framing">The framing. Without one, it doesn't matter how bytes are grouped.</param>
internal sealed class DataOutput(Encoding encoding, DataFraming framing) : OutputFormat<byte[]>
{
    public override Func<object, byte[]>? ToMessage { get; } = framing == DataFraming.Raw ? item => ToBytes(item, encoding) : null;

    public override IEnumerable<byte[]> Messages(IEnumerable<PSObject?> output)
    {
        var loose = new ArrayBufferWriter<byte>();
        foreach (PSObject? item in output)
        {
            if (item?.BaseObject is byte single)
            {
                loose.Write([single]);
                continue;
            }

            if (loose.WrittenCount > 0)
            {
                yield return loose.WrittenSpan.ToArray();
                loose.ResetWrittenCount();
            }

            if (item is not null)
                yield return ToBytes(item, encoding);
        }

        if (loose.WrittenCount > 0)
            yield return loose.WrittenSpan.ToArray();
    }

    /// <summary>Returns the bytes of any object.</summary>
    public static byte[] ToBytes(object item, Encoding encoding) => TryGetBytes(item) ?? encoding.GetBytes(TextOf(item));

    /// <summary>Returns the bytes of an object that consists of bytes; null for any other.</summary>
    public static byte[]? TryGetBytes(object item) => PSObject.AsPSObject(item).BaseObject switch
    {
        byte[] bytes => bytes,
        byte single => [single],
        IEnumerable<byte> many => [.. many],
        object[] many when Array.TrueForAll(many, part => PSObject.AsPSObject(part).BaseObject is byte) =>
            Array.ConvertAll(many, part => (byte)PSObject.AsPSObject(part).BaseObject),
        _ => null,
    };
}
