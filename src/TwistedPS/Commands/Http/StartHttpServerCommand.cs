using System.Management.Automation;
using System.Net.Sockets;
using TwistedPS.Completers;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Http;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Starts a small web server with a scriptblock for each method, whose output is the response (Twisted's Site).
/// </summary>
/// <remarks>
/// The server listens when the cmdlet outputs it; with 0 as the port, its Port says which one it has. The output of a handler
/// is the response: text as lines, bytes as they are, a file of Get-Item as its content, hashtables and objects as JSON; the
/// results of Deferreds are waited for. A method without a handler gets 405, and a handler that throws 500, unless -OnError
/// says otherwise. If the server can't listen, the cmdlet ends with an error such as AddressInUse. It listens on IPv4, without
/// TLS.
/// </remarks>
[Cmdlet(VerbsLifecycle.Start, "HttpServer", DefaultParameterSetName = OnEndpoint, HelpUri = Pages + "Start-HttpServer.md")]
[OutputType(typeof(HttpServer))]
public sealed partial class StartHttpServerCommand : ServiceCommand, IHttpParameters, IMetricsParameters, IReactorsParameters
{
    private const string OnEndpoint = "Endpoint";
    private const string OnPort = "Port";

    private static readonly HttpServerOptions s_defaults = new();

    /// <summary>
    /// The port to listen on, 0 for any free port; or <c>host:port</c>, or an endpoint string such as <c>tcp:80:interface=*</c>.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = OnEndpoint)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServerEndpointCompleter))]
    public string? Endpoint { get; set; }

    /// <summary>The port to listen on; 0 for any free port.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OnPort)]
    [PortTransformation(MayBeZero = true)]
    [ArgumentCompleter(typeof(ListenPortCompleter))]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    /// <summary>
    /// Called for GET and, without sending the body, for HEAD; $_ is the request, and the output is the response.
    /// </summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public ScriptBlock? Get { get; set; }

    /// <summary>Called for POST; $_ is the request, and the output is the response.</summary>
    [Parameter]
    public ScriptBlock? Post { get; set; }

    /// <summary>Called for PUT; $_ is the request, and the output is the response.</summary>
    [Parameter]
    public ScriptBlock? Put { get; set; }

    /// <summary>Called for PATCH; $_ is the request, and the output is the response.</summary>
    [Parameter]
    public ScriptBlock? Patch { get; set; }

    /// <summary>Called for DELETE; $_ is the request, and the output is the response.</summary>
    [Parameter]
    public ScriptBlock? Delete { get; set; }

    /// <summary>Called for OPTIONS; $_ is the request, and the output is the response.</summary>
    [Parameter]
    public ScriptBlock? Options { get; set; }

    /// <summary>
    /// Called for each method without a handler of its own; $_ is the request, whose Method says which it is, and the output is
    /// the response.
    /// </summary>
    [Parameter]
    public ScriptBlock? Any { get; set; }

    /// <summary>
    /// Called once, before the first request, for example to open files; $_ is the server, and the output goes to the log.
    /// </summary>
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

    /// <summary>The IPv4 address to listen on, or a name of it, * for all; 127.0.0.1 by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AddressCompleter))]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The longest body of a request in bytes, 1 MiB by default; a longer one gets a 413 response.</summary>
    [Parameter]
    [ValidateRange(0, 1 << 30)]
    public int MaxBodyLength { get; set; } = s_defaults.MaxBodyLength;

    /// <summary>
    /// The number of reactors that handle the requests, each on a thread of its own, 1 by default; a request goes to the one with
    /// the fewest. Handlers of one reactor run one at a time and have $script: variables of their own; $Server.State is one for
    /// all. WebSockets use the first.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ReactorCount { get; set; } = 1;

    /// <summary>
    /// The port of a page with the metrics of this process for Prometheus, at <c>/metrics</c>, 0 for any free port; none by default.
    /// Servers and reactors with the same port share the page, which is there until the last of them has stopped.
    /// </summary>
    [Parameter]
    [PortTransformation(MayBeZero = true)]
    [ArgumentCompleter(typeof(MetricsPortCompleter))]
    [ValidateRange(0, 65535)]
    public int? MetricsPort { get; set; }

    /// <summary>The IPv4 address that the page of metrics listens on, or a name of it, * for all; 127.0.0.1 by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AddressCompleter))]
    public string MetricsAddress { get; set; } = "127.0.0.1";

    /// <summary>Serves until the server stops or Ctrl+C is pressed, with the handlers in this session.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>With -Wait: outputs the server before serving.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!((IHttpParameters)this).HasHandlers && !HasWebSockets)
            ThrowTerminatingError(Errors.HandlerMissing(CommandName, "-Get, one for another method, or -OnWebSocket"));
        if (!TryFindWebSocketServer())
            return;
        CheckWebSockets();
        EndpointString place = this.ReadListener(Endpoint, Port, null, null);
        this.Require(nameof(Address), place, (place.Interface ?? Address) == Address);
        if (place.Kind != EndpointKind.Tcp || place.Backlog is not null)
            ThrowTerminatingError(Errors.EndpointUnsupported(place, "a web server listens on TCP, with a backlog of the system."));
        place = place with { Interface = place.Interface ?? Address };
        HttpServerOptions options = s_defaults with { Name = Name, MaxBodyLength = MaxBodyLength };
        if (Wait)
            Starter.Serve(host => Listen(host, place, options), PassThru);
        else if (FindHost(Reactor) is { } host)
            WriteObject(Listen(host, place, options));
    }

    private HttpServer Listen(ReactorHost host, EndpointString place, HttpServerOptions options)
    {
        (string name, int port) = (place.Interface!, place.Port!.Value);
        options = this.ResolveForHttp(host, options, name, port);
        HandlerScope scope = Starter.CreateScope(host);
        HttpScripts scripts = ((IHttpParameters)this).CaptureHandlers(Starter, host, scope);
        var server = new HttpServer(host.Reactor, options with { WebSockets = ReadWebSockets(host, scope) }, scripts);
        try
        {
            Starter.Start(host, server, server.Start, other => AddReactor(server, other), server.Prepare);
        }
        catch (SocketException e)
        {
            ThrowTerminatingError(Errors.ListenFailed(e, name, port, this.UserOf(port)));
        }

        return server;
    }

    private void AddReactor(HttpServer server, ReactorHost other) =>
        server.AddReactor(other.Reactor, ((IHttpParameters)this).CaptureHandlers(Starter, other, Starter.CreateScope(other)));
}
