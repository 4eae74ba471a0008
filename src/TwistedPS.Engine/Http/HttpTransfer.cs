using System.Net;
using System.Text;

namespace TwistedPS.Engine.Http;

/// <summary>The transfer of a request from .NET's listener, and of the answer back to it, on the thread pool.</summary>
internal sealed class HttpTransfer(HttpListenerContext context, HttpServerOptions options, HttpServer server, CancellationToken abort)
{
    private const int BufferSize = 16384;

    /// <summary>Whether the answer is ours to give: the listener also hands over requests that it has refused.</summary>
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

    /// <summary>Reads a request, has it answered, and writes the answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="ask">Returns the answer to the request and its body, which is null if it is too long.</param>
    /// <param name="log">Logs the outcome.</param>
    public async Task AnswerAsync(
        HttpRequest request, Func<HttpRequest, string?, Task<HttpAnswer>> ask, Action<HttpRequest, LogLevel, string> log)
    {
        HttpStatusCode inCase = HttpStatusCode.RequestTimeout;
        try
        {
            string? body = await ReadBodyAsync().ConfigureAwait(false);
            inCase = HttpStatusCode.ServiceUnavailable;
            HttpAnswer answer = await ask(request, body).ConfigureAwait(false);
            await WriteAsync(answer).ConfigureAwait(false);
            log(request, LogLevel.Information, $"{answer.StatusCode}");
            if (body is null)
                await DiscardBodyAsync().ConfigureAwait(false);
            context.Response.Close();
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException or IOException or HttpListenerException
            or InvalidOperationException or ProtocolViolationException)
        {
            log(request, LogLevel.Debug, $"was cut off: {e.Message}");
            Abort(inCase);
        }
    }

    /// <summary>Ends the connection, with a status if nothing has been sent yet.</summary>
    public void Abort(HttpStatusCode status)
    {
        if (IsOpen)
            context.Response.StatusCode = (int)status;
        context.Response.Abort();
    }

    private async Task<string?> ReadBodyAsync()
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

    private async Task WriteAsync(HttpAnswer answer)
    {
        HttpListenerResponse response = context.Response;
        response.StatusCode = answer.StatusCode;
        response.Headers.Add(answer.Headers);
        response.ContentLength64 = answer.Body.Length;
        response.KeepAlive = server.Status == ServerStatus.Running;
        if (answer.Body.Length > 0 && context.Request.HttpMethod != "HEAD")
            await WithinTimeAsync(response.OutputStream.WriteAsync(answer.Body, abort).AsTask()).ConfigureAwait(false);
    }

    // Closing a connection with unread data would reset it, and the peer might lose the answer.
    private Task<bool> DiscardBodyAsync() => WithinTimeAsync(CopyAsync(Stream.Null, long.MaxValue));

    /// <returns>Whether it has reached the end.</returns>
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
    private Task WithinTimeAsync(Task task) => task.WaitAsync(options.PeerTimeout, server.Reactor.TimeProvider, abort);

    private Task<T> WithinTimeAsync<T>(Task<T> task) => task.WaitAsync(options.PeerTimeout, server.Reactor.TimeProvider, abort);

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
