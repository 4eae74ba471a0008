using System.Text;

namespace TwistedPS.Engine.Http;

/// <summary>The content of an answer: one stream after the other, each disposed with it.</summary>
internal sealed class HttpBody : IDisposable
{
    private readonly List<(Stream Stream, long? Length)> _sources;
    private int _current;
    private long _taken;

    /// <summary>Creates the content of an answer.</summary>
    /// <param name="mediaType">The media type, unless the response names another.</param>
    /// <param name="sources">The streams, from their positions; one that is at its end is sent from its beginning.</param>
    public HttpBody(string? mediaType, params Stream[] sources)
    {
        MediaType = mediaType ?? sources.OfType<FileStream>().Select(file => HttpMediaTypes.Of(file.Name)).FirstOrDefault(HttpMediaTypes.Bytes);
        _sources = [.. sources.Select(source => (source, LengthOf(source)))];
    }

    public string MediaType { get; }

    /// <summary>The length in bytes; null if it shows only at the end.</summary>
    public long? Length => _sources.Aggregate((long?)0, (sum, source) => sum + source.Length);

    public static HttpBody Of(string text) => new(HttpMediaTypes.Text, new MemoryStream(Encoding.UTF8.GetBytes(text)));

    /// <summary>Opens a file as the content of an answer.</summary>
    /// <exception cref="IOException">It can't be opened.</exception>
    public static HttpBody Of(FileInfo file) => new(null, new FileStream(file.FullName, new FileStreamOptions
    {
        Share = FileShare.ReadWrite | FileShare.Delete,
        Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
    }));

    /// <summary>Reads what comes next, never more than the length.</summary>
    /// <returns>The number of bytes, 0 at the end.</returns>
    /// <exception cref="EndOfStreamException">A source has become shorter.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        for (; _current < _sources.Count; _current++, _taken = 0)
        {
            (Stream stream, long? length) = _sources[_current];
            long left = length - _taken ?? long.MaxValue;
            if (left == 0)
                continue;
            int count = await stream.ReadAsync(buffer[..(int)Math.Min(buffer.Length, left)], cancellation).ConfigureAwait(false);
            _taken += count;
            if (count > 0)
                return count;
            if (length is not null)
                throw new EndOfStreamException($"The stream has ended {left} bytes too early.");
        }

        return 0;
    }

    public void Dispose() => _sources.ForEach(source => source.Stream.Dispose());

    private static long? LengthOf(Stream source)
    {
        if (!source.CanSeek)
            return null;
        if (source.Position >= source.Length)
            source.Position = 0;
        return source.Length - source.Position;
    }
}
