using System.Management.Automation;
using System.Net;
using TwistedPS.Engine.Http;

namespace TwistedPS.Scripting;

/// <summary>A request; the output of handlers is its response, which waits for output still to come.</summary>
internal sealed class HttpRecipient(HttpScripts scripts, HttpExchange exchange) : Recipient
{
    private const int FailedStatus = 500;

    private readonly HttpOutput _output = new();
    private int _held;

    public override IEnumerable<PSVariable> Variables =>
    [
        new PSVariable("Request", exchange.Request),
        new PSVariable("Response", exchange.Response),
        new PSVariable(scripts.OwnerVariable, exchange.Server),
    ];

    public HttpExchange Exchange => exchange;

    public override Service Service => exchange.Server;

    public override event Action? Ended
    {
        add => exchange.Server.Ended += value;
        remove => exchange.Server.Ended -= value;
    }

    public override void Send(IEnumerable<PSObject?> output) => _output.Add(output);

    public override void Failed(string handler, Exception error) => scripts.Failed(handler, this, error);

    public override void Hold() => _held++;

    public override void Release()
    {
        if (--_held > 0)
            return;
        try
        {
            exchange.Complete(_output.ToBody());
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            exchange.Server.AddError(exchange.Call.Name, null, e);
            scripts.Report($"{exchange.Call}", e);
            exchange.Complete(HttpStatusCode.InternalServerError);
        }
    }

    /// <summary>Discards the output of a failed handler so far.</summary>
    public void Reset()
    {
        _output.Clear();
        exchange.Response = new HttpResponse { StatusCode = FailedStatus };
    }
}
