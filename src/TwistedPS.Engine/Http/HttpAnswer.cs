using System.Collections;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace TwistedPS.Engine.Http;

/// <summary>An answer in its final form: nothing that a handler does later changes it.</summary>
internal sealed partial record HttpAnswer(int StatusCode, WebHeaderCollection Headers, byte[] Body)
{
    private static readonly int[] s_withoutBody = [204, 205, 304];

    /// <summary>Creates the answer of a handler.</summary>
    /// <exception cref="ArgumentException">A header has an invalid character.</exception>
    public static HttpAnswer Of(HttpResponse response, string text)
    {
        var headers = new WebHeaderCollection();
        foreach (DictionaryEntry header in response.Headers)
            headers.Set($"{header.Key}", Convert.ToString(header.Value, CultureInfo.InvariantCulture));
        headers.Set(HttpResponseHeader.ContentType, response.ContentType);
        byte[] body = s_withoutBody.Contains(response.StatusCode) ? [] : Encoding.UTF8.GetBytes(text);
        return new HttpAnswer(response.StatusCode, headers, body);
    }

    /// <summary>Creates an answer of a status and its name in plain text, which tells a stranger nothing else.</summary>
    public static HttpAnswer Plain(HttpStatusCode status, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponse { StatusCode = (int)status };
        foreach ((string name, string value) in headers)
            response.Headers[name] = value;
        return Of(response, $"{(int)status} {NewWord().Replace($"{status}", " ")}\n");
    }

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex NewWord();
}
