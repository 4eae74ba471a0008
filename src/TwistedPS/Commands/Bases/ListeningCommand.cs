using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using TwistedPS.Completers;
using TwistedPS.Engine.Streams;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>What the cmdlets that start a server on a port have in common (Twisted's listenTCP).</summary>
public abstract class ListeningCommand : ServerCommand
{
    private static readonly ServerOptions s_defaults = new();

    /// <summary>The port; 0 lets the system choose one.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    /// <summary>The address to listen on: loopback by default, * for all.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AddressCompleter))]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>How many connections may wait to be accepted.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int Backlog { get; set; } = s_defaults.Backlog;

    /// <summary>How many connections may be open at once.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxConnections { get; set; }

    /// <summary>How many connections may be open at once from one address.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxConnectionsPerAddress { get; set; }

    /// <summary>Serve until the server stops or Ctrl+C, with the handlers in this very session.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>With -Wait: output the server before serving.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        ServerOptions options = WithOptions(s_defaults) with
        {
            EndPoint = new IPEndPoint(ResolveAddress(), Port),
            Backlog = Backlog,
            MaxConnections = MaxConnections,
            MaxConnectionsPerAddress = MaxConnectionsPerAddress,
        };
        if (Wait)
            Serve(host => Listen(host, options), server => server.Stopped, PassThru);
        else
            WriteObject(Listen(FindHost(), options));
    }

    private protected abstract Server StartServer(ReactorHost host, ServerOptions options);

    private Server Listen(ReactorHost host, ServerOptions options)
    {
        try
        {
            return StartServer(host, options);
        }
        catch (SocketException e)
        {
            ThrowTerminatingError(Errors.ListenFailed(e, Address, Port));
            throw;
        }
    }

    private IPAddress ResolveAddress()
    {
        if (Address == "*")
            return IPAddress.IPv6Any;
        if (IPAddress.TryParse(Address, out IPAddress? address))
            return address;
        try
        {
            return Dns.GetHostAddresses(Address)[0];
        }
        catch (SocketException e)
        {
            ThrowTerminatingError(Errors.HostNotFound(Address, e));
            throw;
        }
    }
}
