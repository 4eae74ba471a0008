using System.Net;

namespace TwistedPS.Engine.Http;

/// <summary>The transfer of a request from .NET's listener, and of the answer back to it, on the thread pool.</summary>
internal sealed class HttpTransfer(HttpListenerContext context, HttpServerOptions options, HttpServer server, CancellationToken abort)
{
    private readonly HttpUpload _upload = new(context.Request, options, server.Reactor.TimeProvider, abort);
    private readonly HttpDownload _download = new(context, options, server.Reactor.TimeProvider, abort);
    private HttpStatusCode _inCase = HttpStatusCode.RequestTimeout;

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
    /// <param name="ask">Returns the answer to the request, or to one with a fault the answer that says so.</param>
    /// <param name="log">Logs the outcome.</param>
    public async Task AnswerAsync(
        HttpRequest request, Func<HttpRequest, HttpStatusCode?, Task<HttpAnswer>> ask, Action<HttpRequest, LogLevel, string> log)
    {
        try
        {
            HttpStatusCode? fault = await ReadAsync(request).ConfigureAwait(false);
            _inCase = HttpStatusCode.ServiceUnavailable;
            HttpAnswer answer = await ask(request, fault).ConfigureAwait(false);
            using (answer.Body)
                await WriteAsync(answer).ConfigureAwait(false);
            log(request, LogLevel.Information, $"{answer.StatusCode}");
            if (fault is not null)
                await _upload.DiscardAsync().ConfigureAwait(false);
            context.Response.Close();
        }
        catch (HttpBodyException e)
        {
            server.BodyFailed(request, e.InnerException!);
            Abort(HttpStatusCode.InternalServerError);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException or IOException or HttpListenerException
            or InvalidOperationException or ProtocolViolationException)
        {
            log(request, LogLevel.Debug, $"was cut off: {e.Message}");
            Abort(_inCase);
        }
    }

    /// <summary>Ends the connection, with a status if nothing has been sent yet.</summary>
    public void Abort(HttpStatusCode status)
    {
        if (IsOpen)
        {
            context.Response.Headers.Clear();
            context.Response.StatusCode = (int)status;
        }

        context.Response.Abort();
    }

    private async Task<HttpStatusCode?> ReadAsync(HttpRequest request)
    {
        if (_upload.IsAmbiguous)
            return HttpStatusCode.BadRequest;
        if (await _upload.ReadAsync().ConfigureAwait(false) is not { } body)
            return HttpStatusCode.RequestEntityTooLarge;
        request.BodyBytes = body;
        return null;
    }

    private Task WriteAsync(HttpAnswer answer)
    {
        context.Response.KeepAlive = server.Status == ServerStatus.Running;
        return _download.WriteAsync(answer);
    }
}
