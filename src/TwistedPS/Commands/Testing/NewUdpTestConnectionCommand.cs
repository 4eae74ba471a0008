using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Engine.Datagrams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;
using TwistedPS.Testing;

namespace TwistedPS.Commands;

/// <summary>Connects to a server of datagrams in memory, without a port, for tests of its handlers.</summary>
/// <remarks>
/// The client is one as Connect-UdpClient outputs it, for Send-Datagram, Receive-Datagram and Should -HaveReceived; its Server is the
/// server of the handlers, which stops when the client has ended. Handlers run in this session, so that they can call mocks, while
/// a cmdlet sends or waits. With -Server it is another peer of such a server.
/// </remarks>
[Cmdlet(VerbsCommon.New, "UdpTestConnection", DefaultParameterSetName = "Handlers", HelpUri = Pages + "New-UdpTestConnection.md")]
[OutputType(typeof(DatagramClient))]
public sealed class NewUdpTestConnectionCommand : ServiceCommand
{
    private static readonly DatagramOptions s_defaults = new();

    /// <summary>
    /// The handler under test, called for each datagram; $_ holds the bytes, or with -AsText the text, and each object of the output is
    /// sent back.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Handlers")]
    public ScriptBlock? OnDatagram { get; set; }

    /// <summary>The server in memory of an earlier test connection, to send to it from another address.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Server", ValueFromPipeline = true)]
    [ShownAs<DatagramServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<DatagramServer>))]
    public Alive<DatagramServer>? Server { get; set; }

    /// <summary>The address and port that the handlers see in $Peer; by default 127.0.0.1 and a port from 49152.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    public IPEndPoint? LocalEndPoint { get; set; }

    /// <summary>Gives the handler each datagram as text instead of bytes.</summary>
    [Parameter]
    public SwitchParameter AsText { get; set; }

    /// <summary>The encoding of text; UTF-8 without a byte order mark by default.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = s_defaults.Encoding;

    /// <summary>Called once, before the first datagram, for example to open files; $_ is the server, and the output goes to the log.</summary>
    [Parameter]
    public ScriptBlock? OnStart { get; set; }

    /// <summary>Called once, after it has stopped; $_ is the server, and the output goes to the log.</summary>
    [Parameter]
    public ScriptBlock? OnStop { get; set; }

    /// <summary>Called when another handler throws; $_ is the error. What it outputs goes to the sender of the datagram.</summary>
    [Parameter]
    public ScriptBlock? OnError { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        PesterOperator.Register();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if ((Server is null ? StartServer() : this.FindOne(Server)) is { } server)
            Connect(server);
    }

    private void Connect(DatagramServer server)
    {
        ReactorHost host = HostOf(server.Reactor);
        if (server.Status != ServerStatus.Running)
            ThrowTerminatingError(Errors.ServerStopped(server));
        if (server.Output.Carrier is not MemoryDatagrams { Memory: var memory })
        {
            ThrowTerminatingError(Errors.ServerNotInMemory(server));
            return;
        }

        DatagramOptions options = s_defaults with { Encoding = server.Encoding };
        var silent = new DatagramScripts(host, Starter.CreateScope(host), "Client") { Format = new DataOutput(server.Encoding, joinsBytes: true) };
        var client = new DatagramClient(host.Reactor, options, TwistedPS.Address.Memory, TwistedPS.Address.Memory.Host, silent) { IsQueued = true };
        if (Server is null)
            client.Ended += server.Dispose;
        try
        {
            Starter.Start(host, client, () => client.StartInMemory(memory, LocalEndPoint));
        }
        catch (SocketException e)
        {
            if (Server is null)
                server.Dispose();
            ThrowTerminatingError(Errors.ListenFailed(e, LocalEndPoint!.Address.ToString(), LocalEndPoint.Port));
        }

        WriteObject(TestClients.WithServer(client, server));
    }

    /// <returns>The server; null if there is no such reactor, after an error is written.</returns>
    private DatagramServer? StartServer()
    {
        if ((Reactor is null ? Session.GetTestHost() : FindHost(Reactor)) is not { } host)
            return null;
        HandlerScope scope = Starter.CreateScope(host);
        var scripts = new DatagramScripts(host, scope, "Server")
        {
            Format = new DataOutput(Encoding, joinsBytes: true),
            IsText = AsText,
            Initialization = Starter.CaptureInitialization(scope),
            OnStart = Starter.Capture(scope, OnStart),
            OnDatagram = Starter.Capture(scope, OnDatagram),
            OnError = Starter.Capture(scope, OnError),
            OnStop = Starter.Capture(scope, OnStop),
        };
        var server = new DatagramServer(host.Reactor, s_defaults with { Name = Name, Encoding = Encoding }, scripts);
        Starter.Start(host, server, server.StartInMemory);
        return server;
    }
}
