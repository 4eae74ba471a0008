using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Http;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Replaces handlers of a running web server; requests in progress end as they have begun.</summary>
/// <remarks>
/// Handlers that are not given stay as they are, and one for a new method is added. The new ones share the scope of the old
/// ones, with its $script: variables. Those of WebSockets are replaced by Set-LineServer, for the server's WebSocketServer.
/// </remarks>
[Cmdlet(VerbsCommon.Set, "HttpServer", SupportsShouldProcess = true, HelpUri = Pages + "Set-HttpServer.md")]
[OutputType(typeof(HttpServer))]
public sealed class SetHttpServerCommand : SetServerCommand<HttpServer>
{
    /// <summary>The servers, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<HttpServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<HttpServer>))]
    [AllowEmptyCollection]
    public Alive<HttpServer>[] Server { get; set; } = [];

    /// <summary>The new handler for GET and HEAD.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public ScriptBlock? Get { get; set; }

    /// <summary>The new handler for POST.</summary>
    [Parameter]
    public ScriptBlock? Post { get; set; }

    /// <summary>The new handler for PUT.</summary>
    [Parameter]
    public ScriptBlock? Put { get; set; }

    /// <summary>The new handler for PATCH.</summary>
    [Parameter]
    public ScriptBlock? Patch { get; set; }

    /// <summary>The new handler for DELETE.</summary>
    [Parameter]
    public ScriptBlock? Delete { get; set; }

    /// <summary>The new handler for OPTIONS.</summary>
    [Parameter]
    public ScriptBlock? Options { get; set; }

    /// <summary>The new handler for each method without one of its own.</summary>
    [Parameter]
    public ScriptBlock? Any { get; set; }

    private protected override Alive<HttpServer>[] Servers => Server;

    private protected override (string Parameter, ScriptBlock? Script)[] NewHandlers =>
    [
        (nameof(Get), Get), (nameof(Post), Post), (nameof(Put), Put), (nameof(Patch), Patch), (nameof(Delete), Delete),
        (nameof(Options), Options), (nameof(Any), Any),
    ];

    private protected override (Scripts Scripts, Action Apply)? Renew(ReactorHost host, HttpServer server)
    {
        var old = (HttpScripts)server.HandlerOn(host.Reactor);
        var handlers = new Dictionary<string, ScriptHandler>(old.OnRequest, StringComparer.OrdinalIgnoreCase);
        foreach ((string name, ScriptBlock? script) in NewHandlers.Where(handler => handler.Script is not null))
            handlers[name == IHttpHandler.AnyMethod ? name : name.ToUpperInvariant()] = Capture(old, script, null)!;
        var scripts = new HttpScripts(host, old.Scope)
        {
            OnRequest = handlers,
            OnError = Capture(old, OnError, old.OnError),
            OnStop = Capture(old, OnStop, old.OnStop),
        };
        return (scripts, () => server.Replace(scripts, host.Reactor));
    }
}
