using System.Buffers;
using System.Management.Automation;
using System.Text;
using System.Xml;
using TwistedPS.Engine.Http;

namespace TwistedPS.Scripting;

/// <summary>The output of a request's handlers as the content of its answer.</summary>
internal sealed class HttpOutput
{
    /// <summary>Bytes as <see cref="ArrayBufferWriter{T}"/>, a <see cref="HttpText"/>, a stream, or a file.</summary>
    private readonly List<object> _parts = [];

    /// <summary>Accepts output.</summary>
    /// <exception cref="RuntimeException">An object can't be converted.</exception>
    public void Add(IEnumerable<PSObject?> output)
    {
        var texts = new List<PSObject>();
        foreach (PSObject item in output.OfType<PSObject>())
        {
            if (PartOf(item) is not { } part)
            {
                texts.Add(item);
                continue;
            }

            AddTexts(texts);
            AddPart(part);
        }

        AddTexts(texts);
    }

    /// <summary>Returns all of it, to be disposed by the caller.</summary>
    /// <exception cref="IOException">A file can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">A file can't be opened.</exception>
    public HttpBody ToBody() => _parts switch
    {
        [FileInfo file] => HttpBody.Of(file),
        [_, _, ..] when _parts.TrueForAll(part => part is HttpText { MediaType: HttpMediaTypes.Json }) =>
            BodyOf([new HttpText(HttpMediaTypes.Json, $"[{string.Join(',', _parts.Cast<HttpText>().Select(part => part.Text))}]")]),
        _ => BodyOf(_parts),
    };

    /// <summary>Discards it.</summary>
    public void Clear()
    {
        foreach (Stream stream in _parts.OfType<Stream>())
            stream.Dispose();
        _parts.Clear();
    }

    /// <summary>Returns what an object is to the answer; null for text.</summary>
    private static object? PartOf(PSObject item) => item.BaseObject switch
    {
        Stream or FileInfo => item.BaseObject,
        byte or IEnumerable<byte> or object[] { Length: > 0 } when DataParts.BytesOf(item) is { } bytes => bytes,
        XmlNode node => new HttpText(HttpMediaTypes.Xml, node.OuterXml),
        _ when ObjectJson.IsData(item) => new HttpText(HttpMediaTypes.Json, ObjectJson.Of(item)),
        _ => null,
    };

    private void AddPart(object part)
    {
        if (part is byte[] bytes)
            Bytes().Write(bytes);
        else
            _parts.Add(part);
    }

    private void AddTexts(List<PSObject> items)
    {
        _parts.AddRange(LineOutput.Instance.Messages(items).Select(line => new HttpText(HttpMediaTypes.Text, line)));
        items.Clear();
    }

    private ArrayBufferWriter<byte> Bytes()
    {
        if (_parts is [.., ArrayBufferWriter<byte> last])
            return last;
        var bytes = new ArrayBufferWriter<byte>();
        _parts.Add(bytes);
        return bytes;
    }

    private static HttpBody BodyOf(List<object> parts) => new(MediaTypeOf(parts), [.. SourcesOf(parts)]);

    /// <summary>Returns the media type that all parts share, or one that fits; null for a stream's own.</summary>
    private static string? MediaTypeOf(List<object> parts)
    {
        string?[] types = [.. parts.Select(part => part switch
        {
            HttpText text => text.MediaType,
            FileInfo => HttpMediaTypes.Text,
            Stream => null,
            _ => HttpMediaTypes.Bytes,
        }).Distinct()];
        if (types.Length == 1)
            return types[0];
        return parts.TrueForAll(part => part is HttpText or FileInfo) ? HttpMediaTypes.Text : HttpMediaTypes.Bytes;
    }

    private static IEnumerable<Stream> SourcesOf(List<object> parts)
    {
        var gathered = new MemoryStream();
        foreach (object part in parts)
        {
            if (part is not Stream stream)
            {
                gathered.Write(BytesOf(part));
                continue;
            }

            yield return gathered;
            gathered = new MemoryStream();
            yield return stream;
        }

        yield return gathered;
    }

    private static ReadOnlySpan<byte> BytesOf(object part) => part is ArrayBufferWriter<byte> bytes
        ? bytes.WrittenSpan
        : Encoding.UTF8.GetBytes($"{part}\n");
}
