using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using TwistedPS.Completers;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Datagrams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Opens a socket for datagrams with one peer, over UDP or a UNIX socket (Twisted's connect of a UDP transport, and
/// connectUNIXDatagram). Nothing is sent by that, so it succeeds whether or not anybody receives there.
/// </summary>
/// <remarks>
/// The client sends to one peer and receives from it alone. With -OnDatagram what arrives is handled; without, it waits for
/// Receive-Datagram, up to 8 MiB, beyond which it is dropped and counted. A name that is unknown ends the cmdlet with
/// HostNotFound. A peer that refuses a datagram is an error of the client, ConnectionRefused, and the client goes on.
/// </remarks>
[Cmdlet(VerbsCommunications.Connect, "UdpClient", DefaultParameterSetName = ToEndpoint, HelpUri = Pages + "Connect-UdpClient.md")]
[OutputType(typeof(DatagramClient))]
public sealed class ConnectUdpClientCommand : DatagramCommand
{
    private const string ToEndpoint = "Endpoint";
    private const string ToHost = "Host";
    private const string ToPath = "Path";

    /// <summary>
    /// The name or address of the host, <c>host:port</c>, or an endpoint string such as <c>udp:localhost:514</c>. Of a name
    /// with several addresses the first of IPv4 is used, as none of them answers an attempt to connect.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ToEndpoint, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ToHost, ValueFromPipelineByPropertyName = true)]
    [Alias("Endpoint")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClientEndpointCompleter))]
    public string ComputerName { get; set; } = "";

    /// <summary>The port of the host, from 1 to 65535, where the ComputerName has none.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ToHost, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ToEndpoint, ValueFromPipelineByPropertyName = true)]
    [PortTransformation]
    [ArgumentCompleter(typeof(NamedCompleter<PortCompleter>))]
    [ValidateRange(1, 65535)]
    public int Port { get; set; }

    /// <summary>The path of the UNIX socket of a server, or on Linux an abstract name after an @.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToPath)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>
    /// Called for each datagram; $_ holds the bytes, or with -AsText the text, and each object of the output is sent back.
    /// Without it, use Receive-Datagram.
    /// </summary>
    [Parameter(Position = 1, ParameterSetName = ToEndpoint)]
    [Parameter(Position = 2, ParameterSetName = ToHost)]
    [Parameter(Position = 0, ParameterSetName = ToPath)]
    [ArgumentCompleter(typeof(AfterHostCompleter))]
    public ScriptBlock? OnDatagram { get; set; }

    /// <summary>
    /// The local address, or address and port, to send from, such as 127.0.0.1:5000; chosen by the system by default.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    public IPEndPoint? LocalEndPoint { get; set; }

    /// <summary>With -Path: the own path, to which a server answers; by default a name that nobody else has.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LocalPath { get; set; }

    /// <summary>Lets the client go on when the connection has ended whose handler calls this.</summary>
    [Parameter]
    public SwitchParameter Detached { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (FindHost(Reactor) is not { } host)
            return;
        EndpointString place = this.ReadServer(ComputerName, Port, Path, isForDatagrams: true);
        this.RefuseParameter([place.Path is null ? nameof(LocalPath) : nameof(LocalEndPoint)], place.Path is null ? "without a UNIX socket" : "at a UNIX socket");
        this.Require(nameof(LocalEndPoint), place, place.BindAddress is null);
        Address? local = FindLocal(place);
        string where = $"{place.Server}";
        try
        {
            Address remote = place.Path is { } path ? Address.OfPath(path) : this.Resolve(host, place.Server.Host, place.Server.Port);
            where = $"{remote}";
            WriteObject(Open(host, place, remote, local));
            if (place.Path is null)
                Session.KnownHosts.Add(place.Server.Host);
        }
        catch (SocketException e)
        {
            ThrowTerminatingError(e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable && local is not null
                ? LocalPath is null ? Errors.ListenFailed(e, local.Host, local.Port) : Errors.ListenFailed(e, LocalPath)
                : Errors.DatagramFailed(e, where));
        }
        catch (FormatException e)
        {
            ThrowTerminatingError(Errors.InvalidMulticast(e, where));
        }
    }

    private DatagramClient Open(ReactorHost host, EndpointString place, Address remote, Address? local)
    {
        DatagramOptions options = ToOptions() with { LocalAddress = local };
        var client = new DatagramClient(host.Reactor, options, remote, place.Server.Host, CaptureHandlers(host, "Client", OnDatagram))
        {
            IsQueued = OnDatagram is null,
        };
        Recipient? startedFor = Detached ? null : Session.StarterOn(host);
        Starter.Start(host, client, () =>
        {
            client.Start();
            startedFor?.Own(client, isAnswer: false);
        });
        return client;
    }

    private Address? FindLocal(EndpointString place) => LocalPath is not null ? Address.OfPath(this.FullPath(LocalPath))
        : LocalEndPoint is not null ? Address.From(LocalEndPoint)
        : place.BindAddress is { } bound ? Address.From(new IPEndPoint(bound, 0))
        : null;
}
