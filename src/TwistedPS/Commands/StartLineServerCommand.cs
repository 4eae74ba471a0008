using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using TwistedPS.Completers;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Starts a server whose protocol is made of lines (Twisted's listenTCP).</summary>
[Cmdlet(VerbsLifecycle.Start, "LineServer")]
[OutputType(typeof(LineServer))]
public sealed class StartLineServerCommand : LineServerCommand
{
    private static readonly LineServerOptions s_defaults = new();

    /// <summary>The port; 0 lets the system choose one.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    /// <summary>Called for each line; $_ is the line, and the output is the reply.</summary>
    [Parameter(Position = 1)]
    public ScriptBlock? OnLine { get; set; }

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

    private protected override ScriptBlock? LineHandler => OnLine;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        IPEndPoint endPoint = new(ResolveAddress(), Port);
        if (!Wait)
            WriteObject(Start(Reactor is null ? Session.GetDefault(Host) : HostOf(Reactor), endPoint));
        else if (Reactor is not null)
            Serve(HostOf(Reactor), endPoint);
        else
            ServeHere(endPoint);
    }

    /// <summary>Serves on a reactor of its own, in this session.</summary>
    private void ServeHere(IPEndPoint endPoint)
    {
        var host = new ForegroundReactor(Session);
        try
        {
            Serve(host, endPoint);
        }
        finally
        {
            host.Shutdown();
        }
    }

    private void Serve(ReactorHost host, IPEndPoint endPoint)
    {
        LineServer server = Start(host, endPoint);
        WriteVerbose($"Serving on {server.EndPoint}; Ctrl+C ends it.");
        try
        {
            if (PassThru)
                WriteObject(server);
            WaitFor(host, server.Stopped, null, $"Serving on {server.EndPoint}", "Leave out -Wait in a handler.");
        }
        finally
        {
            server.Dispose();
        }
    }

    private LineServer Start(ReactorHost host, IPEndPoint endPoint)
    {
        try
        {
            return StartServer(host, WithLineOptions(s_defaults) with
            {
                EndPoint = endPoint,
                Backlog = Backlog,
                MaxConnections = MaxConnections,
                MaxConnectionsPerAddress = MaxConnectionsPerAddress,
            });
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
