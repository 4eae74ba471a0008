using System.Management.Automation;
using System.Text;

namespace TwistedPS.Parameters;

/// <summary>Accepts an Encoding, its name, or its code page, if its line ends are those of ASCII.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EncodingTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        try
        {
            Encoding encoding = input switch
            {
                Encoding itself => itself,
                int codePage => Encoding.GetEncoding(codePage),
                string name => FromName(name),
                _ => throw Unusable(input),
            };
            return EndsLinesWithAscii(encoding) ? encoding : throw Unusable(input);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw Unusable(input);
        }
    }

    private static bool EndsLinesWithAscii(Encoding encoding) => encoding.GetBytes("\r\n") is [13, 10];

    private static Encoding FromName(string name) => name.ToUpperInvariant() switch
    {
        "UTF8" or "UTF8NOBOM" or "UTF-8" => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        "ANSI" => Encoding.Latin1,
        _ => Encoding.GetEncoding(name),
    };

    private static ArgumentTransformationMetadataException Unusable(object? input) =>
        new($"'{input}' is not usable as an encoding for lines. Specify an Encoding that has ASCII's CR and LF, a name such as 'utf8' or 'latin1', or a code page.");
}
