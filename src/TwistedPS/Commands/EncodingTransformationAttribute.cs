using System.Management.Automation;
using System.Text;

namespace TwistedPS.Commands;

/// <summary>Takes an Encoding, its name, or its code page.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EncodingTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        try
        {
            return input switch
            {
                Encoding encoding => encoding,
                int codePage => Encoding.GetEncoding(codePage),
                string name => FromName(name),
                _ => throw Unusable(input),
            };
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw Unusable(input);
        }
    }

    // The names that PowerShell's own -Encoding parameters know, without a byte order mark: a line has no place for one.
    private static Encoding FromName(string name) => name.ToUpperInvariant() switch
    {
        "UTF8" or "UTF8NOBOM" => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        "UNICODE" => new UnicodeEncoding(bigEndian: false, byteOrderMark: false),
        "BIGENDIANUNICODE" => new UnicodeEncoding(bigEndian: true, byteOrderMark: false),
        "UTF32" => new UTF32Encoding(bigEndian: false, byteOrderMark: false),
        "ANSI" => Encoding.Latin1,
        _ => Encoding.GetEncoding(name),
    };

    private static ArgumentTransformationMetadataException Unusable(object? input) =>
        new($"'{input}' is not an encoding. Give an Encoding, a name such as 'utf8', 'ascii' or 'latin1', or a code page.");
}
