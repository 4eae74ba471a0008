using System.Collections;
using System.Globalization;
using System.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>The bytes of objects that are sent as they are, without framing.</summary>
internal static class RawOutput
{
    public static byte[] Encode(object? value, Encoding encoding) => value switch
    {
        null => [],
        byte[] bytes => bytes,
        string text => encoding.GetBytes(text),
        IEnumerable<byte> many => [.. many],
        IEnumerable many => [.. many.Cast<object?>().SelectMany(part => EncodePart(part, encoding))],
        _ => encoding.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture)!),
    };

    // Scripts write bytes as numbers: 255, 251, 1.
    private static byte[] EncodePart(object? part, Encoding encoding) =>
        Convert.GetTypeCode(part) is >= TypeCode.SByte and <= TypeCode.UInt64
            ? [Convert.ToByte(part, CultureInfo.InvariantCulture)]
            : Encode(part, encoding);
}
