using System.Net;
using System.Text.RegularExpressions;

namespace TwistedPS.Engine.Http;

/// <summary>An answer in its final form: nothing that a handler does later changes it.</summary>
internal sealed partial record HttpAnswer(int StatusCode, WebHeaderCollection Headers, HttpBody Body)
{
    private static readonly int[] s_withoutLength = [204, 304];
    private static readonly int[] s_withoutBody = [.. s_withoutLength, 205];

    /// <summary>Whether the status admits content.</summary>
    public bool MayHaveBody => !s_withoutBody.Contains(StatusCode);

    /// <summary>Whether the status admits the length of a content, even of an empty one.</summary>
    public bool MayHaveLength => !s_withoutLength.Contains(StatusCode);

    /// <summary>Creates the answer of a handler.</summary>
    /// <exception cref="ArgumentException">A header has an invalid character.</exception>
    public static HttpAnswer Of(HttpResponse response, HttpBody body)
    {
        var answer = new HttpAnswer(response.StatusCode, HttpHeaders.Of(response.Headers), body);
        if (answer.MayHaveBody && answer.Headers[HttpResponseHeader.ContentType] is null)
            answer.Headers.Set(HttpResponseHeader.ContentType, body.MediaType);
        return answer;
    }

    /// <summary>Creates an answer of a status and its name in plain text, which tells a stranger nothing else.</summary>
    public static HttpAnswer Plain(HttpStatusCode status, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponse { StatusCode = (int)status };
        foreach ((string name, string value) in headers)
            response.Headers[name] = value;
        return Of(response, HttpBody.Of($"{(int)status} {NewWord().Replace($"{status}", " ")}\n"));
    }

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex NewWord();
}
