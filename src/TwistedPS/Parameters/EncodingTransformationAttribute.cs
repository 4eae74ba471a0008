using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace TwistedPS.Parameters;

/// <summary>Accepts what Set-Content accepts: an Encoding, its name, or its code page. No byte order mark is ever written.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EncodingTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly Encoding s_utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    static EncodingTransformationAttribute() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        try
        {
            return input switch
            {
                Encoding itself => itself,
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

    private static Encoding FromName(string name) => name.ToUpperInvariant() switch
    {
        "UTF8" or "UTF8NOBOM" or "UTF8BOM" or "UTF-8" or "DEFAULT" => s_utf8,
        "UNICODE" or "STRING" or "UNKNOWN" => Encoding.Unicode,
        "BIGENDIANUNICODE" => Encoding.BigEndianUnicode,
        "UTF32" => Encoding.UTF32,
        "BIGENDIANUTF32" => new UTF32Encoding(bigEndian: true, byteOrderMark: false),
        "UTF7" => Utf7(),
        "ANSI" => Encoding.GetEncoding(CultureInfo.CurrentCulture.TextInfo.ANSICodePage),
        "OEM" => OperatingSystem.IsWindows() ? Encoding.GetEncoding(CultureInfo.CurrentCulture.TextInfo.OEMCodePage) : s_utf8,
        _ => Encoding.GetEncoding(name),
    };

#pragma warning disable SYSLIB0001 // Old peers may have nothing else.
    private static UTF7Encoding Utf7() => new();
#pragma warning restore SYSLIB0001

    private static ArgumentTransformationMetadataException Unusable(object? input) =>
        new($"'{input}' is not usable as an encoding. Specify an Encoding, a name such as 'utf8', 'ansi' or 'latin1', or a code page.");
}
