using System.Net;

namespace TwistedPS.Engine.Http;

/// <summary>An answer, written to .NET's listener on the thread pool part by part, so that no more is kept in memory.</summary>
internal sealed class HttpDownload(HttpListenerContext context, HttpServerOptions options, TimeProvider time, CancellationToken abort)
{
    private const int PartLength = 65536;

    private readonly HttpListenerResponse _response = context.Response;
    private bool _inChunks;

    /// <summary>Writes an answer.</summary>
    /// <exception cref="HttpBodyException">Its content can't be read.</exception>
    /// <exception cref="TimeoutException">The peer takes it too slowly.</exception>
    public async Task WriteAsync(HttpAnswer answer)
    {
        _response.StatusCode = answer.StatusCode;
        _response.Headers.Add(answer.Headers);
        Frame(answer);
        if (answer.MayHaveBody && context.Request.HttpMethod != "HEAD")
            await WriteAsync(answer.Body).ConfigureAwait(false);
        else
            await WriteAsync(ReadOnlyMemory<byte>.Empty).ConfigureAwait(false);
    }

    private void Frame(HttpAnswer answer)
    {
        if (!answer.MayHaveLength)
            HttpFraming.TurnOff(_response);
        else if (!answer.MayHaveBody)
            _response.ContentLength64 = 0;
        else if (answer.Body.Length is { } length)
            _response.ContentLength64 = length;
        else
            FrameUnknownLength();
    }

    private void FrameUnknownLength()
    {
        bool isOff = HttpFraming.TurnOff(_response);
        if (context.Request.ProtocolVersion < HttpVersion.Version11)
            _response.KeepAlive = false;
        else if (!isOff)
            _response.SendChunked = true;
        else
            (_inChunks, _response.Headers["Transfer-Encoding"]) = (true, "chunked");
    }

    private async Task WriteAsync(HttpBody body)
    {
        var buffer = new byte[HttpFraming.ChunkHead + Math.Min(body.Length ?? PartLength, PartLength) + HttpFraming.ChunkTail];
        int count = await ReadAsync(body, buffer).ConfigureAwait(false);
        do
        {
            await WriteAsync(Part(buffer, count)).ConfigureAwait(false);
        }
        while (count > 0 && (count = await ReadAsync(body, buffer).ConfigureAwait(false)) > 0);
        if (_inChunks)
            await WriteAsync(HttpFraming.LastChunk).ConfigureAwait(false);
    }

    private ReadOnlyMemory<byte> Part(byte[] buffer, int count) => _inChunks && count > 0
        ? HttpFraming.MakeChunk(buffer, count)
        : buffer.AsMemory(HttpFraming.ChunkHead, count);

    private async Task<int> ReadAsync(HttpBody body, byte[] buffer)
    {
        try
        {
            Memory<byte> room = buffer.AsMemory(HttpFraming.ChunkHead, buffer.Length - HttpFraming.ChunkHead - HttpFraming.ChunkTail);
            return await body.ReadAsync(room, abort).AsTask().WaitAsync(abort).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new HttpBodyException(e);
        }
    }

    // Even nothing, which sends the headers: the listener's Close would wait for a peer that doesn't read them. The listener's
    // own streams can't be cancelled.
    private Task WriteAsync(ReadOnlyMemory<byte> part) =>
        _response.OutputStream.WriteAsync(part, abort).AsTask().WaitAsync(options.PeerTimeout, time, abort);
}
