using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Text;

namespace TwistedPS.Scripting;

/// <summary>The reading of JSON, which PowerShell has for itself.</summary>
internal static class JsonText
{
    private const int MostDepth = 1024;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // The library that this is compiled against lacks it.
    private static readonly Reader s_read = Type.GetType("Microsoft.PowerShell.Commands.JsonObject, Microsoft.PowerShell.Commands.Utility", throwOnError: true)!
        .GetMethod("ConvertFromJson", [typeof(string), typeof(bool), typeof(int?), typeof(ErrorRecord).MakeByRefType()])!
        .CreateDelegate<Reader>();

    private delegate object? Reader(string text, bool asHashtables, int? maxDepth, out ErrorRecord? error);

    /// <summary>Returns what ConvertFrom-Json makes of a line; AutomationNull of an empty one.</summary>
    /// <param name="line">The line.</param>
    /// <param name="asHashtables">Whether objects become tables.</param>
    /// <param name="what">The word for it in an error.</param>
    /// <exception cref="InvalidMessageException">The line is not JSON in UTF-8, or PowerShell has no object for it.</exception>
    public static object? Read(byte[] line, bool asHashtables, string what = "line")
    {
        try
        {
            string text = s_utf8.GetString(line).TrimStart('\uFEFF');
            if (string.IsNullOrWhiteSpace(text))
                return AutomationNull.Value;
            object? value = s_read(text, asHashtables, MostDepth, out ErrorRecord? error);
            return error is null ? value : throw Invalid(what, error.Exception.Message);
        }
        catch (DecoderFallbackException e)
        {
            throw Invalid(what, $"byte {e.Index} is not UTF-8.");
        }
        catch (ArgumentException e)
        {
            throw Invalid(what, e.InnerException?.Message ?? e.Message);
        }
    }

    private static InvalidMessageException Invalid(string what, string why) => new(CloseReason.InvalidMessage, $"The received {what} is not JSON: {why}");
}
