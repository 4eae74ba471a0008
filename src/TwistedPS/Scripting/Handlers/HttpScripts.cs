using System.Management.Automation;
using System.Net;
using TwistedPS.Engine.Http;
using TwistedPS.Engine.Services;

namespace TwistedPS.Scripting;

/// <summary>The scriptblocks of an HTTP server; the output of a handler is the response.</summary>
internal sealed class HttpScripts(ReactorHost host, HandlerScope scope) : Scripts(host, scope, "Server"), IHttpHandler
{
    public ScriptHandler? OnStart { get; init; }

    /// <summary>The handlers by method, regardless of case.</summary>
    public required Dictionary<string, ScriptHandler> OnRequest { get; init; }

    public ScriptHandler? OnError { get; init; }

    public ScriptHandler? OnStop { get; init; }

    public IReadOnlyCollection<string> Methods => OnRequest.Keys;

    protected override IEnumerable<ScriptHandler?> All => [OnStart, .. OnRequest.Values, OnError, OnStop];

    public void Started(HttpServer server)
    {
        Initialize();
        Call(OnStart, server, server, server);
    }

    void IHttpHandler.Prepare() => PrepareFurther();

    public void Stopped(HttpServer server) => Run(OnStop, server, server, server);

    public void Handle(HttpExchange exchange)
    {
        HttpRequest request = exchange.Request;
        var recipient = new HttpRecipient(this, exchange);
        recipient.Hold();
        try
        {
            Call(OnRequest[exchange.Call.Name], recipient, [], request, request, exchange.Response);
        }
        catch (RuntimeException e)
        {
            Failed(exchange.Call.Name, recipient, e);
        }

        recipient.Release();
    }

    /// <summary>Handles the error of a request's handler, or of asynchronous work that it started.</summary>
    public void Failed(string handler, HttpRecipient recipient, Exception error)
    {
        HttpExchange exchange = recipient.Exchange;
        exchange.Server.AddError(handler, null, error);
        recipient.Reset();
        if (OnError is null)
            Report($"{handler} of {exchange.Server}", error);
        if (OnError is null
            || !exchange.Server.Call(new HandlerCall(exchange.Server, "OnError"), null, error, it => CallOnError(recipient, it)))
            exchange.Complete(HttpStatusCode.InternalServerError);
    }

    private void CallOnError(HttpRecipient recipient, Exception error)
    {
        ErrorRecord record = Errors.RecordOf(error);
        try
        {
            Call(OnError!, recipient, [], record, recipient.Exchange.Request, record);
        }
        catch (RuntimeException e)
        {
            Report($"{Host.Reactor.Watch.Current?.Handler}", e);
            throw;
        }
    }
}
