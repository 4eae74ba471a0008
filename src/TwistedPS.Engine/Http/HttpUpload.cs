using System.Net;

namespace TwistedPS.Engine.Http;

/// <summary>The body of a request, read from .NET's listener on the thread pool.</summary>
internal sealed class HttpUpload(HttpListenerRequest request, HttpServerOptions options, TimeProvider time, CancellationToken abort)
{
    private const int BufferSize = 16384;

    /// <summary>Whether its end could be understood in two ways, so that what follows it might be taken for a request.</summary>
    public bool IsAmbiguous => request.Headers["Transfer-Encoding"] is not null
        && (request.Headers["Content-Length"] is not null || request.ProtocolVersion < HttpVersion.Version11);

    /// <summary>Reads the body.</summary>
    /// <returns>Null if it is too long.</returns>
    /// <exception cref="TimeoutException">It comes too slowly.</exception>
    public async Task<byte[]?> ReadAsync()
    {
        if (!request.HasEntityBody)
            return [];
        if (request.ContentLength64 > options.MaxBodyLength)
            return null;
        using var body = new MemoryStream();
        return await CopyAsync(body, options.MaxBodyLength).ConfigureAwait(false) ? body.ToArray() : null;
    }

    /// <summary>Reads to the end: closing a connection with unread data would reset it, and the peer might lose its answer.</summary>
    public Task DiscardAsync() => CopyAsync(Stream.Null, long.MaxValue);

    /// <returns>Whether it has reached the end.</returns>
    private async Task<bool> CopyAsync(Stream to, long limit)
    {
        var buffer = new byte[BufferSize];
        long begun = time.GetTimestamp();
        for (long length = 0; ;)
        {
            TimeSpan due = options.BodyGrace + TimeSpan.FromSeconds(length / options.MinBodyRate) - time.GetElapsedTime(begun);
            int count = await ReadAsync(buffer, due).ConfigureAwait(false);
            length += count;
            if (count == 0 || length > limit)
                return count == 0;
            to.Write(buffer, 0, count);
        }
    }

    // The listener's own streams can't be cancelled.
    private Task<int> ReadAsync(Memory<byte> buffer, TimeSpan due) =>
        request.InputStream.ReadAsync(buffer, abort).AsTask().WaitAsync(due < TimeSpan.Zero ? TimeSpan.Zero : due, time, abort);
}
