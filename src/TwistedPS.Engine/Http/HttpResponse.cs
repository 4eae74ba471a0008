using System.Collections;

namespace TwistedPS;

/// <summary>The answer to a request, apart from the text, which is the handler's output.</summary>
public sealed class HttpResponse
{
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

    /// <summary>The media type of the text; <c>text/plain; charset=utf-8</c> by default. The text is always UTF-8.</summary>
    public string ContentType { get; set; } = "text/plain; charset=utf-8";

    /// <summary>Further headers.</summary>
    public Hashtable Headers { get; } = new(StringComparer.OrdinalIgnoreCase);
}
