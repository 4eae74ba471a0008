using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using TwistedPS.Engine.Http;
using TwistedPS.Engine.Requests;

namespace TwistedPS;

/// <summary>The answer of a web server's handlers to a request that was made in memory, for a test.</summary>
public sealed class HttpTestResponse
{
    private string? _body;

    private HttpTestResponse(HttpAnswer answer, byte[] body)
    {
        StatusCode = answer.StatusCode;
        Headers = HttpRequest.ToTable(answer.Headers);
        if (answer.MayHaveLength && (answer.MayHaveBody ? answer.Body.Length : 0) is { } length)
            Headers["Content-Length"] = $"{length}";
        BodyBytes = body;
    }

    /// <summary>The status code.</summary>
    public int StatusCode { get; }

    /// <summary>The name of the status, such as <c>NotFound</c>.</summary>
    public string Status => $"{(HttpStatusCode)StatusCode}";

    /// <summary>The media type, which is the header of that name; null if there is none.</summary>
    public string? ContentType => Headers["Content-Type"] as string;

    /// <summary>The headers: a text for each name, several texts for a repeated name.</summary>
    public Hashtable Headers { get; }

    /// <summary>The content as text, in the encoding that its type names, UTF-8 by default.</summary>
    public string Body => _body ??= HttpEncoding.Of(ContentType).GetString(BodyBytes);

    /// <summary>The content as sent; empty for an answer to HEAD.</summary>
    [SuppressMessage("Performance", "CA1819", Justification = "They are the content itself, made for its receiver.")]
    public byte[] BodyBytes { get; }

    /// <summary>Returns the status, the media type and the length.</summary>
    public override string ToString() => $"{StatusCode} {Status}, {ContentType ?? "no content type"}, {BodyBytes.Length} bytes";

    /// <summary>Reads the content, as far as a peer would get it.</summary>
    internal static async Task<HttpTestResponse> ReadAsync(HttpRequest request, HttpAnswer answer)
    {
        using var body = new MemoryStream();
        if (answer.MayHaveBody && request.Method != "HEAD")
            await CopyAsync(answer.Body, body).ConfigureAwait(false);
        return new HttpTestResponse(answer, body.ToArray());
    }

    private static async Task CopyAsync(HttpBody from, MemoryStream to)
    {
        var buffer = new byte[65536];
        while (await from.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false) is > 0 and var count)
            to.Write(buffer, 0, count);
    }
}
