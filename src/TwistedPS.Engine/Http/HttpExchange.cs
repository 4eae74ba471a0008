using System.Net;
using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Http;

/// <summary>A request and its answer, which may come later. Members may be used from any thread.</summary>
internal sealed class HttpExchange(HandlerCall call, HttpRequest request)
{
    private readonly TaskCompletionSource<HttpAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The handler that answers it.</summary>
    public HandlerCall Call => call;

    public HttpServer Server => (HttpServer)call.Owner!;

    public HttpRequest Request => request;

    public HttpResponse Response { get; set; } = new();

    /// <summary>Completes when the request is answered.</summary>
    public Task<HttpAnswer> Answer => _answer.Task;

    /// <summary>Answers with the current response and a text.</summary>
    /// <inheritdoc cref="Complete(HttpBody)"/>
    public bool Complete(string text) => Complete(HttpBody.Of(text));

    /// <summary>Answers with the current response and a content. Only the first answer counts.</summary>
    /// <returns>False if there already is an answer; the content is disposed then.</returns>
    /// <exception cref="ArgumentException">A header has an invalid character.</exception>
    public bool Complete(HttpBody body)
    {
        bool isFirst = false;
        try
        {
            return isFirst = _answer.TrySetResult(HttpAnswer.Of(Response, body));
        }
        finally
        {
            if (!isFirst)
                body.Dispose();
        }
    }

    /// <summary>Answers with a status alone, regardless of the response.</summary>
    /// <returns>False if there already is an answer.</returns>
    public bool Complete(HttpStatusCode status) => _answer.TrySetResult(HttpAnswer.Plain(status));
}
