using System.Management.Automation;
using TwistedPS.Engine.Http;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Makes a web server in memory, without a port, for tests of its handlers with Invoke-HttpTestRequest.</summary>
/// <remarks>
/// The handlers are those of Start-HttpServer. They run in this session, so that they can call mocks, while Invoke-HttpTestRequest
/// waits for the answer. Get-HttpServer lists the server, and Stop-HttpServer ends it.
/// </remarks>
[Cmdlet(VerbsCommon.New, "HttpTestConnection", HelpUri = Pages + "New-HttpTestConnection.md")]
[OutputType(typeof(HttpServer))]
public sealed class NewHttpTestConnectionCommand : ServiceCommand, IHttpParameters
{
    private static readonly HttpServerOptions s_defaults = new() { IsInMemory = true };

    /// <summary>
    /// Called for GET and, without sending the body, for HEAD; $_ is the request, and the output is the response.
    /// </summary>
    [Parameter(Position = 0)]
    public ScriptBlock? Get { get; set; }

    /// <summary>Called for POST, like -Get.</summary>
    [Parameter]
    public ScriptBlock? Post { get; set; }

    /// <summary>Called for PUT, like -Get.</summary>
    [Parameter]
    public ScriptBlock? Put { get; set; }

    /// <summary>Called for PATCH, like -Get.</summary>
    [Parameter]
    public ScriptBlock? Patch { get; set; }

    /// <summary>Called for DELETE, like -Get.</summary>
    [Parameter]
    public ScriptBlock? Delete { get; set; }

    /// <summary>Called for OPTIONS, like -Get.</summary>
    [Parameter]
    public ScriptBlock? Options { get; set; }

    /// <summary>Called for each method without a handler of its own, like -Get; the request's Method says which it is.</summary>
    [Parameter]
    public ScriptBlock? Any { get; set; }

    /// <summary>Called once, before the first request, for example to open files; $_ is the server, and the output goes to the log.</summary>
    [Parameter]
    public ScriptBlock? OnStart { get; set; }

    /// <summary>Called once, after the server has stopped; $_ is the server, and the output goes to the log.</summary>
    [Parameter]
    public ScriptBlock? OnStop { get; set; }

    /// <summary>
    /// Called when another handler throws; $_ is the error, and the output is the response. Without it, the response is 500.
    /// </summary>
    [Parameter]
    public ScriptBlock? OnError { get; set; }

    /// <summary>The longest body of a request in bytes; a longer one gets a 413 response. 1 MiB by default.</summary>
    [Parameter]
    [ValidateRange(0, 1 << 30)]
    public int MaxBodyLength { get; set; } = s_defaults.MaxBodyLength;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        IHttpParameters handlers = this;
        if (!handlers.HasHandlers)
            ThrowTerminatingError(Errors.HandlerMissing(CommandName, "-Get, or one for another method"));
        if ((Reactor is null ? Session.GetTestHost() : FindHost(Reactor)) is not { } host)
            return;
        HttpServerOptions options = s_defaults with { Name = Name, MaxBodyLength = MaxBodyLength };
        var server = new HttpServer(host.Reactor, options, handlers.CaptureHandlers(Starter, host, Starter.CreateScope(host)));
        Starter.Start(host, server, server.Start);
        WriteObject(server);
    }
}
