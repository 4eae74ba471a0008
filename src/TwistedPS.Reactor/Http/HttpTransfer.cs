using System.Net;
using System.Text;

namespace TwistedPS;

/// <summary>Takes a request from .NET's listener and brings the answer back, on the thread pool.</summary>
internal sealed class HttpTransfer(HttpListenerContext context, HttpServerOptions options, TimeProvider time, CancellationToken abort)
{
    private const int BufferSize = 16384;

    /// <summary>Whether the listener has left the answer to us. It hands over requests that it has refused, as well.</summary>
    public bool IsOpen
    {
        get
        {
            try
            {
                context.Response.ContentLength64 = 0;
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }
    }

    /// <summary>Reads the body.</summary>
    /// <returns>Null if it is too long.</returns>
    /// <exception cref="TimeoutException">The peer is too slow.</exception>
    public async Task<string?> ReadBodyAsync()
    {
        HttpListenerRequest request = context.Request;
        if (!request.HasEntityBody)
            return "";
        if (request.ContentLength64 > options.MaxBodyLength)
            return null;
        using var body = new MemoryStream();
        bool isWhole = await WithinTimeAsync(CopyAsync(body, options.MaxBodyLength)).ConfigureAwait(false);
        return isWhole ? Encoding(request).GetString(body.GetBuffer(), 0, (int)body.Length) : null;
    }

    /// <summary>Writes the answer.</summary>
    /// <exception cref="TimeoutException">The peer is too slow.</exception>
    public async Task WriteAsync(HttpAnswer answer, bool keepAlive)
    {
        HttpListenerResponse response = context.Response;
        response.StatusCode = answer.StatusCode;
        response.Headers.Add(answer.Headers);
        response.ContentLength64 = answer.Body.Length;
        response.KeepAlive = keepAlive;
        if (answer.Body.Length > 0 && context.Request.HttpMethod != "HEAD")
            await WithinTimeAsync(response.OutputStream.WriteAsync(answer.Body, abort).AsTask()).ConfigureAwait(false);
    }

    /// <summary>
    /// Reads what is left of the body. Closing a connection with something unread would reset it, and the peer might lose
    /// the answer.
    /// </summary>
    public Task DiscardBodyAsync() => WithinTimeAsync(CopyAsync(Stream.Null, long.MaxValue));

    /// <summary>Ends a request that is answered; its connection may serve the next one.</summary>
    public void Close() => context.Response.Close();

    /// <summary>Ends the connection. Where nothing was sent so far, it says so with a status.</summary>
    public void Abort(HttpStatusCode status)
    {
        if (IsOpen)
            context.Response.StatusCode = (int)status;
        context.Response.Abort();
    }

    /// <returns>Whether it has come to the end.</returns>
    private async Task<bool> CopyAsync(Stream to, long limit)
    {
        var buffer = new byte[BufferSize];
        for (long length = 0; ;)
        {
            int count = await context.Request.InputStream.ReadAsync(buffer, abort).ConfigureAwait(false);
            length += count;
            if (count == 0 || length > limit)
                return count == 0;
            to.Write(buffer, 0, count);
        }
    }

    // The listener's own streams can't be cancelled.
    private Task WithinTimeAsync(Task task) => task.WaitAsync(options.PeerTimeout, time, abort);

    private Task<T> WithinTimeAsync<T>(Task<T> task) => task.WaitAsync(options.PeerTimeout, time, abort);

    private static Encoding Encoding(HttpListenerRequest request)
    {
        try
        {
            return request.ContentEncoding;
        }
        catch (NotSupportedException)
        {
            // UTF-7, which .NET knows and refuses.
            return System.Text.Encoding.UTF8;
        }
    }
}
