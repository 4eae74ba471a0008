using System.Collections;
using System.Globalization;
using TwistedPS.Engine.Services;

namespace TwistedPS;

/// <summary>The answer to a request, apart from the content, which is the handler's output.</summary>
public sealed class HttpResponse
{
    private const string ContentTypeHeader = "Content-Type";

    private int _statusCode = 200;

    internal HttpResponse()
    {
    }

    /// <summary>The status code, from 200 to 599; 200 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of this range.</exception>
    public int StatusCode
    {
        get => _statusCode;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 200);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 599);
            _statusCode = value;
        }
    }

    /// <summary>
    /// The media type, which is the header of that name; without one, that of the output: <c>text/plain; charset=utf-8</c>
    /// for text, which is always UTF-8, <c>application/json</c> for objects, and for bytes <c>application/octet-stream</c>.
    /// </summary>
    public string? ContentType
    {
        get => Convert.ToString(Headers[ContentTypeHeader], CultureInfo.InvariantCulture);
        set => Headers[ContentTypeHeader] = value;
    }

    /// <summary>Further headers; a collection makes a header of each of its objects.</summary>
    public Hashtable Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the status code and the media type, on one line.</summary>
    public override string ToString() => VisibleText.Of($"{StatusCode} {ContentType}".TrimEnd(' '));
}
