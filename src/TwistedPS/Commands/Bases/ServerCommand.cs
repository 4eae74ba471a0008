using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using TwistedPS.Completers;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>What the cmdlets that start a server on a port have in common (Twisted's listenTCP).</summary>
public abstract class ServerCommand : TwistedCommand, INetworkParameters
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

    /// <summary>Called once before the first connection, to open files and the like.</summary>
    [Parameter]
    public ScriptBlock? OnStart { get; set; }

    /// <summary>Called once when the server has stopped.</summary>
    [Parameter]
    public ScriptBlock? OnStop { get; set; }

    /// <summary>Called when a connection is made; its output is sent.</summary>
    [Parameter]
    public ScriptBlock? OnConnect { get; set; }

    /// <summary>
    /// Called when the peer has said that it will send nothing more. With it the connection stays open until it is closed.
    /// </summary>
    [Parameter]
    public ScriptBlock? OnEnd { get; set; }

    /// <summary>Called once when a connection has ended; $_ is the reason.</summary>
    [Parameter]
    public ScriptBlock? OnDisconnect { get; set; }

    /// <summary>Called when another handler throws; $_ is the error. Without it the connection is closed.</summary>
    [Parameter]
    public ScriptBlock? OnError { get; set; }

    /// <summary>How many bytes may wait for a peer that does not read.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int SendBufferLimit { get; set; } = s_defaults.SendBufferLimit;

    /// <summary>Close a connection on which nothing came or went for so long.</summary>
    [Parameter]
    [TimeoutTransformation]
    public TimeSpan? IdleTimeout { get; set; }

    /// <summary>Runs first; functions and variables that it defines are there for the handlers.</summary>
    [Parameter]
    public ScriptBlock? InitializationScript { get; set; }

    /// <summary>The reactor to run on; the session's own by default, in a handler the one that runs it.</summary>
    [Parameter]
    [ReactorTransformation]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    public Reactor? Reactor { get; set; }

    /// <summary>A name for lists and the log.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>A file that the log is appended to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>What the log keeps: entries that matter as much or more; all by default.</summary>
    [Parameter]
    public LogLevel LogLevel { get; set; }

    /// <summary>Arguments for every handler, after its own, and for the initialization script if there is one.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    private ServiceStarter Starter => new(this, this);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        ServerOptions options = ((INetworkParameters)this).ToOptions(s_defaults) with
        {
            Address = TwistedPS.Address.From(new IPEndPoint(ResolveAddress(), Port)),
            Backlog = Backlog,
            MaxConnections = MaxConnections,
            MaxConnectionsPerAddress = MaxConnectionsPerAddress,
        };
        if (Wait)
            Starter.Serve(host => Listen(host, options), PassThru);
        else
            WriteObject(Listen(HostOrDefault(Reactor), options));
    }

    /// <summary>Makes a server of the handlers.</summary>
    private protected abstract Server CreateServer(ReactorHost host, ServerOptions options);

    /// <summary>Takes the handlers over.</summary>
    private protected NetworkServiceScripts<TMessage> CaptureHandlers<TMessage>(
        ReactorHost host, string messageParameter, ScriptBlock? onMessage, OutputFormat<TMessage> format)
    {
        if (onMessage is null && OnConnect is null)
            ThrowTerminatingError(Errors.HandlerMissing(CommandName, $"-{messageParameter}, or -OnConnect"));
        return ((INetworkParameters)this).CaptureHandlers(Starter, host, "Server", onMessage, format);
    }

    private Server Listen(ReactorHost host, ServerOptions options)
    {
        Server server = CreateServer(host, options);
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
