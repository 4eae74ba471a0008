using System.Net.Http.Headers;
using System.Text;

namespace TwistedPS.Engine.Requests;

/// <summary>The encoding that a content type names.</summary>
internal static class HttpEncoding
{
    private static readonly Encoding s_default = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Returns the encoding; UTF-8 if it names none, or one that nobody knows.</summary>
    public static Encoding Of(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type) || type.CharSet is not { } name)
            return s_default;
        try
        {
            return Encoding.GetEncoding(name.Trim('"'));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            // UTF-7 is one that .NET knows and refuses.
            return s_default;
        }
    }
}
