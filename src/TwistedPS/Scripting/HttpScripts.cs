using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>The scriptblocks of an HTTP server: what a handler outputs is the answer, a line for each object.</summary>
internal sealed class HttpScripts(ReactorHost host, HandlerScope scope) : Scripts(host, scope, "Server"), IHttpHandler
{
    private const int Failed = 500;

    private readonly PSVariable _requestVariable = new("Request");
    private readonly PSVariable _responseVariable = new("Response");

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
        Invoke("OnStart", OnStart, server, server, server);
    }

    public void Stopped(HttpServer server) => Run("OnStop", OnStop, server, server, server);

    public void Handle(HttpExchange exchange)
    {
        HttpRequest request = exchange.Request;
        ScriptHandler handler = OnRequest[request.Method == "HEAD" ? "GET" : request.Method];
        try
        {
            Answer(handler, exchange, request, request, exchange.Response);
        }
        catch (RuntimeException e) when (OnError is not null)
        {
            exchange.Server.AddError(exchange.Call.Name, null, e);
            exchange.Response = new HttpResponse { StatusCode = Failed };
            Answer(OnError, exchange, e.ErrorRecord, request, e.ErrorRecord);
        }
        catch (RuntimeException e)
        {
            Host.Report(e.ErrorRecord);
            throw;
        }
    }

    private void Answer(ScriptHandler handler, HttpExchange exchange, object dollarUnder, params object?[] arguments)
    {
        _requestVariable.Value = exchange.Request;
        _responseVariable.Value = exchange.Response;
        List<PSVariable> variables = Variables(exchange.Server, dollarUnder, _requestVariable, _responseVariable);
        IEnumerable<string> lines = LineOutput.Instance.Messages(handler.Invoke(variables, arguments));
        exchange.Complete(string.Concat(lines.Select(line => $"{line}\n")));
    }
}
