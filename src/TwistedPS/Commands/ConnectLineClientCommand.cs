using System.Management.Automation;
using System.Net.Sockets;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Connects to a server whose protocol is made of lines (Twisted's connectTCP).</summary>
[Cmdlet(VerbsCommunications.Connect, "LineClient", DefaultParameterSetName = "New")]
[OutputType(typeof(LineClient))]
public sealed class ConnectLineClientCommand : LineEndpointCommand
{
    private static readonly LineClientOptions s_defaults = new();

    /// <summary>The host's name or address.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "New")]
    [ValidateNotNullOrEmpty]
    public string ComputerName { get; set; } = "";

    /// <summary>Its port.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "New")]
    [ValidateRange(1, 65535)]
    public int Port { get; set; }

    /// <summary>Called for each line; without it, lines wait for Receive-Line.</summary>
    [Parameter(Position = 2, ParameterSetName = "New")]
    public ScriptBlock? OnLine { get; set; }

    /// <summary>Called when a connection is about to be tried.</summary>
    [Parameter(ParameterSetName = "New")]
    public ScriptBlock? OnConnecting { get; set; }

    /// <summary>Called when it could not be made; $_ is the error.</summary>
    [Parameter(ParameterSetName = "New")]
    public ScriptBlock? OnConnectFailed { get; set; }

    /// <summary>How long the host has to answer; 30 s by default.</summary>
    [Parameter(ParameterSetName = "New")]
    [TimeoutTransformation]
    public TimeSpan ConnectTimeout { get; set; } = s_defaults.ConnectTimeout;

    /// <summary>A client to connect again; the lines that it has received stay.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Again", ValueFromPipeline = true)]
    [LineClientTransformation]
    [ArgumentCompleter(typeof(LineClientCompleter))]
    public LineClient? Client { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        LineClient client = Client ?? CreateClient();
        ReactorHost host = HostOf(client.Reactor);

        // A handler on the same reactor can't wait for it; its client says when it is there, by OnConnect.
        if (host.Reactor.IsCurrent)
            _ = client.ConnectAsync(CancellationToken.None);
        else if (!TryWait(client, host, client.ConnectAsync(CancelToken)))
            return;
        WriteObject(client);
    }

    private LineClient CreateClient()
    {
        ReactorHost host = Reactor is not null ? HostOf(Reactor) : Session.GetDefault(Host);
        HandlerScope scope = host.CreateScope(SessionState);
        var scripts = new LineClientScripts(host, scope)
        {
            Initialization = TakeInitialization(scope),
            OnConnect = Take(scope, OnConnect),
            OnLine = Take(scope, OnLine),
            OnDisconnect = Take(scope, OnDisconnect),
            OnError = Take(scope, OnError),
            OnConnecting = Take(scope, OnConnecting),
            OnConnectFailed = Take(scope, OnConnectFailed),
        };
        LineClientOptions options = WithLineOptions(s_defaults) with
        {
            Host = ComputerName,
            Port = Port,
            ConnectTimeout = ConnectTimeout,
        };
        var client = new LineClient(host.Reactor, options, scripts) { IsQueued = OnLine is null };
        OpenLog(client);
        Initialize(host, scripts);
        return client;
    }

    private void Initialize(ReactorHost host, LineClientScripts scripts)
    {
        Task<bool> initialized = host.Reactor.InvokeAsync(() =>
        {
            scripts.Initialize();
            return true;
        });
        try
        {
            WaitFor(host, initialized, "Preparing a line client", "");
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            ThrowTerminatingError(Errors.HandlerFailed(e, "The initialization script failed", MyInvocation.MyCommand.Name));
        }
    }

    private bool TryWait(LineClient client, ReactorHost host, Task connecting)
    {
        WaitFor(host, connecting, null, $"Connecting to {client.Host}:{client.Port}", "");
        try
        {
            connecting.GetAwaiter().GetResult();
            return true;
        }
        catch (Exception e) when (e is SocketException or TimeoutException or OperationCanceledException)
        {
            CancelToken.ThrowIfStopped();
            ErrorRecord error = Errors.ConnectFailed(e, client.Host, client.Port);
            if (Client is null)
                ThrowTerminatingError(error);
            WriteError(error);
            return false;
        }
    }
}
