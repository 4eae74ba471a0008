using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using TwistedPS.Completers;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Datagrams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Starts a server of datagrams, over UDP or a UNIX socket (Twisted's listenUDP, listenMulticast and listenUNIXDatagram).</summary>
/// <remarks>
/// The socket is bound when the cmdlet outputs the server; with 0 as the port, its Port says which one it has. OnDatagram is
/// called for each datagram; $Peer is its sender, to whom each object of the output goes back as a datagram. If the address
/// can't be had, the cmdlet ends with an error such as AddressInUse. An error of a handler ends its own call only; it is in the
/// Errors and the log of the server.
/// </remarks>
[Cmdlet(VerbsLifecycle.Start, "UdpServer", DefaultParameterSetName = OnEndpoint, HelpUri = Pages + "Start-UdpServer.md")]
[OutputType(typeof(DatagramServer))]
public sealed class StartUdpServerCommand : DatagramCommand, IMetricsParameters, IReactorsParameters
{
    private const string OnEndpoint = "Endpoint";
    private const string OnPort = "Port";
    private const string OnPath = "Path";

    /// <summary>
    /// The port to receive on, 0 for any free port; or <c>host:port</c>, or an endpoint string such as
    /// <c>udp:514:interface=::1</c> or <c>unix:/run/x.sock</c>.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = OnEndpoint)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServerEndpointCompleter))]
    public string? Endpoint { get; set; }

    /// <summary>The port to receive on; 0 for any free port.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OnPort)]
    [PortTransformation(MayBeZero = true)]
    [ArgumentCompleter(typeof(ListenPortCompleter))]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    /// <summary>
    /// The path of the UNIX socket to receive on, or on Linux an abstract name after an @. The file of a socket that nobody
    /// serves is replaced, and the file is removed at the end.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = OnPath)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>
    /// Called for each datagram; $_ holds the bytes, or with -AsText the text, and each object of the output is sent back.
    /// Without it, use Receive-Datagram.
    /// </summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public ScriptBlock? OnDatagram { get; set; }

    /// <summary>The mode of the file of a UNIX socket, in octal, such as 660; by default that of any new file.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNullOrEmpty]
    public string? FileMode { get; set; }

    /// <summary>The address to receive on, * for all; 127.0.0.1 by default, or all with -MulticastGroup.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AddressCompleter))]
    public string? Address { get; set; }

    /// <summary>The multicast groups to join, such as 239.1.2.3 or ff02::1:2; none by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] MulticastGroup { get; set; } = [];

    /// <summary>
    /// The number of reactors that handle the datagrams, each on a thread of its own, 1 by default. All datagrams of one sender go
    /// to the same one, in order. Handlers of one reactor run one at a time and have $script: variables of their own;
    /// $Server.State is one for all.
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
        EndpointString place = this.ReadListener(Endpoint, Port, Path, FileMode, isForDatagrams: true);
        if (place.Path is not null)
            this.RefuseParameter([nameof(Address), nameof(MulticastGroup)], "at a UNIX socket");
        if (place.Backlog is not null)
            ThrowTerminatingError(Errors.EndpointUnsupported(place, "datagrams have no backlog."));
        this.Require(nameof(Address), place, (place.Interface ?? Address) == Address);
        if (OnDatagram is null && ReactorCount > 1)
            this.RefuseParameter([nameof(ReactorCount)], $"without -{nameof(OnDatagram)}, as what waits for Receive-Datagram has no handler");
        DatagramOptions options = ToOptions() with { MulticastGroups = MulticastGroup, FileMode = place.Mode };
        if (Wait)
            Starter.Serve(host => Listen(host, place, options), PassThru);
        else if (FindHost(Reactor) is { } host)
            WriteObject(Listen(host, place, options));
    }

    private DatagramServer Listen(ReactorHost host, EndpointString place, DatagramOptions options)
    {
        try
        {
            options = options with { LocalAddress = FindAddress(host, place) };
            var server = new DatagramServer(host.Reactor, options, CaptureHandlers(host, "Server", OnDatagram)) { IsQueued = OnDatagram is null };
            Starter.Start(host, server, server.Start, other => AddReactor(server, other), server.Prepare);
            return server;
        }
        catch (SocketException e)
        {
            ThrowTerminatingError(place.Path is { } path
                ? Errors.ListenFailed(e, path)
                : Errors.ListenFailed(e, place.Interface ?? Address ?? "127.0.0.1", place.Port!.Value));
            throw;
        }
        catch (FormatException e)
        {
            ThrowTerminatingError(Errors.InvalidMulticast(e, string.Join(' ', MulticastGroup)));
            throw;
        }
    }

    private void AddReactor(DatagramServer server, ReactorHost other) =>
        server.AddReactor(other.Reactor, CaptureHandlers(other, "Server", OnDatagram));

    private Address FindAddress(ReactorHost host, EndpointString place)
    {
        if (place.Path is { } path)
            return TwistedPS.Address.OfPath(path);
        string? name = place.Interface ?? Address;
        int port = place.Port!.Value;
        if (name is not null && name != "*")
            return this.Resolve(host, name, port);
        IPAddress address = name == "*" || Array.Exists(MulticastGroup, group => Multicast.ParseGroup(group).IsIPv6Multicast)
            ? IPAddress.IPv6Any
            : MulticastGroup.Length > 0 ? IPAddress.Any : IPAddress.Loopback;
        return TwistedPS.Address.From(new IPEndPoint(address, port));
    }
}
