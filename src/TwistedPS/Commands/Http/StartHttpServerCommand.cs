using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using TwistedPS.Completers;
using TwistedPS.Engine.Http;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Starts a small web server with a scriptblock for each method, whose output is the response (Twisted's Site).
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "HttpServer")]
[OutputType(typeof(HttpServer))]
public sealed class StartHttpServerCommand : ServiceCommand
{
    private static readonly HttpServerOptions s_defaults = new();

    /// <summary>The port to listen on; 0 for any free port.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    /// <summary>
    /// Called for GET and, without sending the body, for HEAD; $_ is the request, and the output is the response.
    /// </summary>
    [Parameter(Position = 1)]
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

    /// <summary>Called once, before the first request, for example to open files.</summary>
    [Parameter]
    public ScriptBlock? OnStart { get; set; }

    /// <summary>Called once, after the server has stopped.</summary>
    [Parameter]
    public ScriptBlock? OnStop { get; set; }

    /// <summary>
    /// Called when another handler throws; $_ is the error, and the output is the response. Without it, the response is 500.
    /// </summary>
    [Parameter]
    public ScriptBlock? OnError { get; set; }

    /// <summary>The IPv4 address to listen on, or a name of it, * for all; 127.0.0.1 by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AddressCompleter))]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The longest body in bytes; a longer one gets a 413 response.</summary>
    [Parameter]
    [ValidateRange(0, 1 << 30)]
    public int MaxBodyLength { get; set; } = s_defaults.MaxBodyLength;

    /// <summary>Serves until the server stops or Ctrl+C is pressed, with the handlers in this session.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>With -Wait: outputs the server before serving.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private (string Method, ScriptBlock? Script)[] Handlers =>
    [
        ("GET", Get), ("POST", Post), ("PUT", Put), ("PATCH", Patch), ("DELETE", Delete), ("OPTIONS", Options),
        (IHttpHandler.AnyMethod, Any),
    ];

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Handlers.All(handler => handler.Script is null))
            ThrowTerminatingError(Errors.HandlerMissing(CommandName, "-Get, or one for another method"));
        HttpServerOptions options = Resolve(s_defaults with { Name = Name, MaxBodyLength = MaxBodyLength });
        if (Wait)
            Starter.Serve(host => Listen(host, options), PassThru);
        else if (FindHost(Reactor) is { } host)
            WriteObject(Listen(host, options));
    }

    private HttpServer Listen(ReactorHost host, HttpServerOptions options)
    {
        HandlerScope scope = host.CreateScope(SessionState);
        var scripts = new HttpScripts(host, scope)
        {
            Initialization = Starter.CaptureInitialization(scope),
            OnStart = Starter.Capture(scope, OnStart),
            OnRequest = Handlers
                .Where(handler => handler.Script is not null)
                .ToDictionary(handler => handler.Method, handler => Starter.Capture(scope, handler.Script)!, StringComparer.OrdinalIgnoreCase),
            OnError = Starter.Capture(scope, OnError),
            OnStop = Starter.Capture(scope, OnStop),
        };
        var server = new HttpServer(host.Reactor, options, scripts);
        try
        {
            Starter.Start(host, server, server.Start);
        }
        catch (SocketException e)
        {
            ThrowTerminatingError(Errors.ListenFailed(e, Address, Port));
        }

        return server;
    }

    private HttpServerOptions Resolve(HttpServerOptions options)
    {
        if (Address == "*")
            return options with { EndPoint = new IPEndPoint(IPAddress.Any, Port) };
        if (IPAddress.TryParse(Address, out IPAddress? address))
            return options with { EndPoint = new IPEndPoint(address, Port) };
        try
        {
            address = Dns.GetHostAddresses(Address, AddressFamily.InterNetwork)[0];
            return options with { EndPoint = new IPEndPoint(address, Port), HostName = Address };
        }
        catch (SocketException e)
        {
            ThrowTerminatingError(Errors.HostNotFound(Address, e));
            throw;
        }
    }
}
