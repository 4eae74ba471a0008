using System.Management.Automation;
using System.Net;

namespace TwistedPS.Scripting;

/// <summary>The scriptblocks of an HTTP server: what a handler outputs is the answer, a line for each object.</summary>
internal sealed class HttpScripts(ReactorHost host, HandlerScope scope) : Scripts(host, scope, "Server"), IHttpHandler
{
    public ScriptHandler? OnStart { get; init; }

    /// <summary>A handler for each method.</summary>
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

    public void Stopped(HttpServer server) => Run(OnStop, server, server, server);

    public void Handle(HttpExchange exchange)
    {
        HttpRequest request = exchange.Request;
        var asker = new HttpAsker(this, exchange);
        asker.Hold();
        try
        {
            Call(OnRequest[request.Method == "HEAD" ? "GET" : request.Method], asker, [], request, request, exchange.Response);
        }
        catch (RuntimeException e)
        {
            Failed(exchange.Call.Name, asker, e);
        }

        asker.Release();
    }

    /// <summary>Deals with the error that a handler of a request, or what it left behind, has ended with.</summary>
    public void Failed(string handler, HttpAsker asker, Exception error)
    {
        HttpExchange exchange = asker.Exchange;
        exchange.Server.AddError(handler, null, error);
        asker.Reset();
        if (OnError is null)
            Host.Report(Errors.RecordOf(error));
        if (OnError is null
            || !exchange.Server.Call(new HandlerCall(exchange.Server, "OnError"), null, error, it => CallOnError(asker, it)))
            exchange.Complete(HttpStatusCode.InternalServerError);
    }

    private void CallOnError(HttpAsker asker, Exception error)
    {
        ErrorRecord record = Errors.RecordOf(error);
        try
        {
            Call(OnError!, asker, [], record, asker.Exchange.Request, record);
        }
        catch (RuntimeException e)
        {
            Host.Report(Errors.RecordOf(e));
            throw;
        }
    }
}
