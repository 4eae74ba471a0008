using System.Collections;
using System.Globalization;
using System.Net;

namespace TwistedPS.Engine.Http;

/// <summary>The headers of an answer, from the objects that a handler has set.</summary>
internal static class HttpHeaders
{
    // They follow from the content; another value would let a peer take one answer for two.
    private static readonly string[] s_ofTheContent = ["Content-Length", "Transfer-Encoding"];

    /// <summary>Returns the headers, one for each object of a collection.</summary>
    /// <exception cref="ArgumentException">A header has an invalid character.</exception>
    public static WebHeaderCollection Of(Hashtable table)
    {
        var headers = new WebHeaderCollection();
        foreach (DictionaryEntry entry in table)
        {
            foreach (string value in ValuesOf(entry.Value))
                headers.Add($"{entry.Key}", value);
        }

        Array.ForEach(s_ofTheContent, headers.Remove);
        return headers;
    }

    private static IEnumerable<string> ValuesOf(object? value) => value switch
    {
        null => [],
        IEnumerable many and not string => many.Cast<object?>().SelectMany(ValuesOf),
        DateTime time => [time.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture)],
        DateTimeOffset time => [time.ToString("R", CultureInfo.InvariantCulture)],
        _ => [Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""],
    };
}
