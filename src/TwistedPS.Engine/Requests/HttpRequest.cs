using System.Collections;
using System.Collections.Specialized;
using System.Net;
using System.Text;
using System.Web;

namespace TwistedPS;

/// <summary>A request to an HTTP server (Twisted's <c>Request</c>).</summary>
public sealed class HttpRequest
{
    private readonly Encoding _encoding;
    private string? _body;

    internal HttpRequest(HttpListenerRequest request, int number)
        : this(request.HttpMethod, request.Url!, request.Headers, EncodingOf(request), request.RemoteEndPoint, number)
    {
    }

    /// <param name="method">The method.</param>
    /// <param name="url">The whole URL.</param>
    /// <param name="headers">The headers.</param>
    /// <param name="encoding">The encoding of the body.</param>
    /// <param name="from">The end point of the peer.</param>
    /// <param name="number">The number on its server.</param>
    internal HttpRequest(string method, Uri url, NameValueCollection headers, Encoding encoding, IPEndPoint from, int number)
    {
        _encoding = encoding;
        Number = number;
        Method = method;
        RawPath = url.AbsolutePath;
        Path = Uri.UnescapeDataString(RawPath);
        Query = ToTable(HttpUtility.ParseQueryString(url.Query));
        Headers = ToTable(headers);
        RemoteEndPoint = from;
    }

    /// <summary>Its number on its server, counted from 0; requests without a handler count too.</summary>
    public int Number { get; }

    /// <summary>The method, such as <c>GET</c>.</summary>
    public string Method { get; }

    /// <summary>The path, decoded and without the query.</summary>
    public string Path { get; }

    /// <summary>The query: a text for each name, several texts for a repeated name.</summary>
    public Hashtable Query { get; }

    /// <summary>The headers and their texts.</summary>
    public Hashtable Headers { get; }

    /// <summary>The body as text, in the encoding that its content type names, UTF-8 by default; empty if there is none.</summary>
    public string Body => _body ??= Decode();

    /// <summary>The body as sent; empty if there is none.</summary>
    public byte[] BodyBytes { get; internal set; } = [];

    /// <summary>The end point of the peer.</summary>
    public IPEndPoint RemoteEndPoint { get; }

    /// <summary>The path as sent: an encoded line break can't begin a line of the log.</summary>
    internal string RawPath { get; }

    /// <summary>Returns the method and the path.</summary>
    public override string ToString() => $"{Method} {RawPath}";

    private string Decode()
    {
        int mark = BodyBytes.AsSpan().StartsWith(_encoding.Preamble) ? _encoding.Preamble.Length : 0;
        return _encoding.GetString(BodyBytes, mark, BodyBytes.Length - mark);
    }

    private static Encoding EncodingOf(HttpListenerRequest request)
    {
        try
        {
            return request.ContentEncoding;
        }
        catch (NotSupportedException)
        {
            // UTF-7, which .NET knows and refuses.
            return Encoding.UTF8;
        }
    }

    internal static Hashtable ToTable(NameValueCollection values)
    {
        var table = new Hashtable(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < values.Count; i++)
        {
            string[] all = values.GetValues(i) ?? [];
            string? name = values.GetKey(i);

            // To .NET, a part without an equals sign is a value without a name; here it is a name with an empty value.
            if (name is null)
                Array.ForEach(all, part => table[part] = "");
            else
                table[name] = all.Length == 1 ? all[0] : all;
        }

        return table;
    }
}
