using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using TwistedPS.Completers;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Datagrams;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Starts a server of datagrams, over UDP or a UNIX socket (Twisted's listenUDP, listenMulticast and listenUNIXDatagram).</summary>
[Cmdlet(VerbsLifecycle.Start, "UdpServer", DefaultParameterSetName = OnPort)]
[OutputType(typeof(DatagramServer))]
public sealed class StartUdpServerCommand : DatagramCommand
{
    private const string OnPort = "Port";
    private const string OnPath = "Path";

    /// <summary>The port to receive on; 0 for any free port.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = OnPort)]
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
    public ScriptBlock? OnDatagram { get; set; }

    /// <summary>The mode of the file of a UNIX socket, such as 660; by default that of any new file.</summary>
    [Parameter(ParameterSetName = OnPath)]
    [ValidateNotNullOrEmpty]
    public string? FileMode { get; set; }

    /// <summary>The address to receive on, * for all; 127.0.0.1 by default, or all with -MulticastGroup.</summary>
    [Parameter(ParameterSetName = OnPort)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AddressCompleter))]
    public string? Address { get; set; }

    /// <summary>The multicast groups to join.</summary>
    [Parameter(ParameterSetName = OnPort)]
    [ValidateNotNullOrEmpty]
    public string[] MulticastGroup { get; set; } = [];

    /// <summary>Serves until the server stops or Ctrl+C is pressed, with the handlers in this session.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>With -Wait: outputs the server before serving.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        DatagramOptions options = ToOptions() with { MulticastGroups = MulticastGroup, FileMode = ParseMode() };
        if (Wait)
            Starter.Serve(host => Listen(host, options), PassThru);
        else if (FindHost(Reactor) is { } host)
            WriteObject(Listen(host, options));
    }

    private DatagramServer Listen(ReactorHost host, DatagramOptions options)
    {
        try
        {
            options = options with { LocalAddress = FindAddress(host) };
            var server = new DatagramServer(host.Reactor, options, CaptureHandlers(host, "Server", OnDatagram)) { IsQueued = OnDatagram is null };
            Starter.Start(host, server, server.Start);
            return server;
        }
        catch (SocketException e)
        {
            ThrowTerminatingError(Path is null ? Errors.BindFailed(e, $"{Address ?? "127.0.0.1"}:{Port}") : Errors.BindFailed(e, Path));
            throw;
        }
        catch (FormatException e)
        {
            ThrowTerminatingError(Errors.InvalidMulticast(e, string.Join(' ', MulticastGroup)));
            throw;
        }
    }

    private Address FindAddress(ReactorHost host)
    {
        if (Path is not null)
            return TwistedPS.Address.OfPath(this.FullPath(Path));
        if (Address is { } given && given != "*")
            return this.Resolve(host, given, Port);
        IPAddress address = Address == "*" || Array.Exists(MulticastGroup, group => Multicast.ParseGroup(group).IsIPv6Multicast)
            ? IPAddress.IPv6Any
            : MulticastGroup.Length > 0 ? IPAddress.Any : IPAddress.Loopback;
        return TwistedPS.Address.From(new IPEndPoint(address, Port));
    }

    private UnixFileMode? ParseMode()
    {
        if (FileMode is null)
            return null;
        try
        {
            return FileModes.Parse(FileMode);
        }
        catch (FormatException e)
        {
            ThrowTerminatingError(Errors.InvalidMode(e, FileMode));
            throw;
        }
    }
}
