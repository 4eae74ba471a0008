using System.Net;
using TwistedPS.Engine.Http;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Services;

namespace TwistedPS;

// The way of a request to its handler, and of the answer back.
public sealed partial class HttpServer
{
    /// <summary>Has handlers answer a request that comes from no network.</summary>
    /// <param name="make">Makes the request with its number.</param>
    internal async Task<HttpTestResponse> AnswerInMemoryAsync(Func<int, HttpRequest> make)
    {
        HttpRequest request = make(NextNumber());
        _underWay[request] = new TaskCompletionSource();
        try
        {
            HttpStatusCode? fault = request.BodyBytes.Length > _options.MaxBodyLength ? HttpStatusCode.RequestEntityTooLarge : null;
            HttpAnswer answer = await AskAsync(request, fault).ConfigureAwait(false);
            HttpTestResponse response = await ReadAsync(request, answer).ConfigureAwait(false);
            Note(request, LogLevel.Information, $"{response.StatusCode}");
            return response;
        }
        finally
        {
            EndTransfer(request);
        }
    }

    /// <summary>Records the error of a stream that a handler has output.</summary>
    internal void BodyFailed(HttpRequest request, Exception error) => AddError(_calls.Find(request)!.Name, null, error);

    internal HttpAnswer Refuse(HttpStatusCode status, params (string Name, string Value)[] headers)
    {
        Interlocked.Increment(ref _refused);
        return HttpAnswer.Plain(status, headers);
    }

    internal void Note(HttpRequest request, LogLevel level, string message) =>
        ReactorLog.Add(level, request.Number, $"{request.RemoteEndPoint.Address}", $"{request} {message}");

    private Task<HttpAnswer> AskAsync(HttpRequest request, HttpStatusCode? fault)
    {
        if (fault is { } status)
            return Task.FromResult(Refuse(status));
        return _calls.Find(request) is { } call
            ? AskAsync(new HttpExchange(call, request))
            : Task.FromResult(Refuse(HttpStatusCode.MethodNotAllowed, ("Allow", _calls.Allowed)));
    }

    private async Task<HttpAnswer> AskAsync(HttpExchange exchange)
    {
        await _handlers.WaitAsync(_abort.Token).ConfigureAwait(false);
        HttpPart part = EnterPart();
        try
        {
            part.Reactor.Post(() => Handle(part, exchange));

            // So that an answer that comes too late has its content disposed.
            using CancellationTokenRegistration abort = _abort.Token.Register(() => exchange.Complete(HttpStatusCode.ServiceUnavailable));
            return await exchange.Answer.ConfigureAwait(false);
        }
        finally
        {
            part.Leave();
            _handlers.Release();
        }
    }

    private async Task<HttpTestResponse> ReadAsync(HttpRequest request, HttpAnswer answer)
    {
        using HttpBody content = answer.Body;
        try
        {
            return await HttpTestResponse.ReadAsync(request, answer).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            BodyFailed(request, e);
            return await HttpTestResponse.ReadAsync(request, HttpAnswer.Plain(HttpStatusCode.InternalServerError)).ConfigureAwait(false);
        }
    }

    private int NextNumber() => Interlocked.Increment(ref _numbers) - 1;

    private void EndTransfer(object transfer)
    {
        if (_underWay.TryRemove(transfer, out TaskCompletionSource? ended))
            ended.SetResult();
        FinishStopLater();
    }

    private void Handle(HttpPart part, HttpExchange exchange)
    {
        part.BeginHandling();
        try
        {
            if (IsTooLate(exchange))
                exchange.Complete(HttpStatusCode.ServiceUnavailable);
            else
                Answer(exchange, part.Handler);
        }
        finally
        {
            part.EndHandling();
            FinishStopLater();
        }
    }

    private bool IsTooLate(HttpExchange exchange) =>
        Status == ServerStatus.Stopped || exchange.Answer.IsCompleted || Reactor.Now >= Volatile.Read(ref _drainedAt);

    private void Answer(HttpExchange exchange, IHttpHandler handler)
    {
        Interlocked.Increment(ref _requests);
        try
        {
            if (!Call(exchange.Call, null, (handler, exchange), static it => it.handler.Handle(it.exchange)))
                exchange.Complete(HttpStatusCode.InternalServerError);
        }
        catch (ReactorInterruptedException)
        {
            exchange.Complete(HttpStatusCode.InternalServerError);
            throw;
        }
    }
}
