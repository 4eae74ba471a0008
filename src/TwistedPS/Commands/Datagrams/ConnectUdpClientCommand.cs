using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Datagrams;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Opens a socket for datagrams with one peer, over UDP or a UNIX socket (Twisted's connect of a UDP transport, and
/// connectUNIXDatagram). Nothing is sent by that, so it succeeds whether or not anybody receives there.
/// </summary>
[Cmdlet(VerbsCommunications.Connect, "UdpClient", DefaultParameterSetName = ToHost)]
[OutputType(typeof(DatagramClient))]
public sealed class ConnectUdpClientCommand : DatagramCommand
{
    private const string ToHost = "Host";
    private const string ToPath = "Path";

    /// <summary>
    /// The name or address of the host, or <c>host:port</c>. Of a name with several addresses the first of IPv4 is used, as
    /// none of them answers an attempt to connect.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ToHost)]
    [ValidateNotNullOrEmpty]
    public string ComputerName { get; set; } = "";

    /// <summary>The port of the host.</summary>
    [Parameter(Position = 1, ParameterSetName = ToHost)]
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
    [Parameter(Position = 2)]
    public ScriptBlock? OnDatagram { get; set; }

    /// <summary>The local address, or address and port, to send from; chosen by the system by default.</summary>
    [Parameter(ParameterSetName = ToHost)]
    public IPEndPoint? LocalEndPoint { get; set; }

    /// <summary>The own path, to which a server answers; by default a name that nobody else has.</summary>
    [Parameter(ParameterSetName = ToPath)]
    [ValidateNotNullOrEmpty]
    public string? LocalPath { get; set; }

    /// <summary>Lets the client go on when the connection has ended whose handler calls this.</summary>
    [Parameter]
    public SwitchParameter Detached { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (FindHost(Reactor) is not { } host)
            return;
        string where = Path ?? ComputerName;
        try
        {
            Address remote = FindRemote(host);
            where = $"{remote}";
            WriteObject(Open(host, remote));
        }
        catch (SocketException e)
        {
            ThrowTerminatingError(e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable && LocalAddress is { } local
                ? Errors.BindFailed(e, $"{local}")
                : Errors.DatagramFailed(e, where));
        }
        catch (FormatException e)
        {
            ThrowTerminatingError(Errors.InvalidMulticast(e, where));
        }
    }

    private DatagramClient Open(ReactorHost host, Address remote)
    {
        DatagramOptions options = ToOptions() with { LocalAddress = LocalAddress };
        var client = new DatagramClient(host.Reactor, options, remote, Path ?? ComputerName, CaptureHandlers(host, "Client", OnDatagram))
        {
            IsQueued = OnDatagram is null,
        };
        Starter.Start(host, client, () =>
        {
            client.Start();
            if (!Detached)
                host.CurrentRecipient?.Own(client, isAnswer: false);
        });
        return client;
    }

    private Address? LocalAddress => LocalPath is not null ? Address.OfPath(this.FullPath(LocalPath))
        : LocalEndPoint is not null ? Address.From(LocalEndPoint)
        : null;

    private Address FindRemote(ReactorHost host)
    {
        if (Path is not null)
            return Address.OfPath(this.FullPath(Path));
        if (!HostAddress.TryParse(ComputerName, Port, out HostAddress? given) || (Port > 0 && given.Port != Port))
            ThrowTerminatingError(Errors.InvalidAddress(ComputerName));
        return this.Resolve(host, given!.Host, given.Port);
    }
}
