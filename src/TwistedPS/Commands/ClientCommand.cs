using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Policies;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>What the cmdlets that connect to a server have in common (Twisted's connectTCP).</summary>
public abstract class ClientCommand : NetworkServiceCommand
{
    private protected const string New = "New";
    private protected const string Again = "Again";

    private static readonly ClientOptions s_defaults = new();
    private static readonly ReconnectPolicy s_policy = new();

    private static readonly string[] s_growth =
        [nameof(ReconnectDelay), nameof(ReconnectMaxDelay), nameof(ReconnectFactor), nameof(ReconnectJitter)];

    /// <summary>The host's name or address.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = New)]
    [ValidateNotNullOrEmpty]
    public string ComputerName { get; set; } = "";

    /// <summary>Its port.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = New)]
    [ValidateRange(1, 65535)]
    public int Port { get; set; }

    /// <summary>Called when a connection is about to be tried.</summary>
    [Parameter(ParameterSetName = New)]
    public ScriptBlock? OnConnecting { get; set; }

    /// <summary>Called when it could not be made; $_ is the error.</summary>
    [Parameter(ParameterSetName = New)]
    public ScriptBlock? OnConnectFailed { get; set; }

    /// <summary>How long the host has to answer; 30 s by default.</summary>
    [Parameter(ParameterSetName = New)]
    [TimeoutTransformation]
    public TimeSpan ConnectTimeout { get; set; } = s_defaults.ConnectTimeout;

    /// <summary>The address, or address and port, to connect from; the system chooses by default.</summary>
    [Parameter(ParameterSetName = New)]
    public IPEndPoint? LocalEndPoint { get; set; }

    /// <summary>Connect again whenever the connection was lost or could not be made, until it is disconnected.</summary>
    [Parameter(ParameterSetName = New)]
    public SwitchParameter Reconnect { get; set; }

    /// <summary>Reconnect always after this time, instead of after one that grows.</summary>
    [Parameter(ParameterSetName = New)]
    [TimeoutTransformation]
    public TimeSpan? ReconnectEvery { get; set; }

    /// <summary>The first delay; each attempt that fails multiplies it. 1 s by default.</summary>
    [Parameter(ParameterSetName = New)]
    [TimeoutTransformation]
    public TimeSpan ReconnectDelay { get; set; } = s_policy.InitialDelay;

    /// <summary>The longest delay; 60 s by default.</summary>
    [Parameter(ParameterSetName = New)]
    [TimeoutTransformation]
    public TimeSpan ReconnectMaxDelay { get; set; } = s_policy.MaxDelay;

    /// <summary>What each attempt that fails multiplies the delay by; 1.5 by default.</summary>
    [Parameter(ParameterSetName = New)]
    [ValidateRange(1.0, 1000.0)]
    public double ReconnectFactor { get; set; } = s_policy.Factor;

    /// <summary>The largest random addition to a delay; 1 s by default.</summary>
    [Parameter(ParameterSetName = New)]
    [TimeoutTransformation]
    public TimeSpan ReconnectJitter { get; set; } = s_policy.Jitter;

    /// <summary>How often in a row it connects again in vain before it gives up; without limit by default.</summary>
    [Parameter(ParameterSetName = New)]
    [ValidateRange(1, int.MaxValue)]
    public int? ReconnectAttempts { get; set; }

    /// <summary>Connects a client and outputs it.</summary>
    private protected void Connect(Client client)
    {
        ReactorHost host = HostOf(client.Reactor);

        // A handler on the same reactor can't wait for it; its client says when it is there, by OnConnect.
        if (host.Reactor.IsCurrent)
            _ = client.ConnectAsync(CancellationToken.None);
        else if (!TryWait(client, host, client.ConnectAsync(CancelToken)))
            return;
        WriteObject(client);
    }

    /// <summary>Makes a client of the parameters.</summary>
    private protected TClient CreateClient<TClient, TMessage>(
        ScriptBlock? onMessage, OutputFormat<TMessage> format, Func<ReactorHost, ClientOptions, IClientHandler, TClient> create)
        where TClient : Client
    {
        ReconnectPolicy? policy = FindPolicy();
        ReactorHost host = FindHost();
        HandlerScope scope = host.CreateScope(SessionState);
        var scripts = new NetworkServiceScripts<TMessage>(host, scope, "Client", format)
        {
            Initialization = CaptureInitialization(scope),
            OnConnect = Capture(scope, OnConnect),
            OnMessage = Capture(scope, onMessage),
            OnEnd = Capture(scope, OnEnd),
            OnDisconnect = Capture(scope, OnDisconnect),
            OnError = Capture(scope, OnError),
            OnConnecting = Capture(scope, OnConnecting),
            OnConnectFailed = Capture(scope, OnConnectFailed),
        };
        ClientOptions options = WithOptions(s_defaults) with
        {
            Host = ComputerName,
            Port = Port,
            ConnectTimeout = ConnectTimeout,
            LocalEndPoint = LocalEndPoint,
            Reconnect = policy,
        };
        TClient client = create(host, options, scripts);
        OpenLog(client);
        Start(host, client, scripts.Initialize);
        ShowInlining(client, scripts);
        return client;
    }

    private ReconnectPolicy? FindPolicy()
    {
        if (ReconnectEvery is { } delay)
        {
            Refuse(s_growth, "with -ReconnectEvery");
            return ReconnectPolicy.Fixed(delay) with { MaxAttempts = ReconnectAttempts };
        }

        if (!Reconnect)
        {
            Refuse([.. s_growth, nameof(ReconnectAttempts)], "without -Reconnect");
            return null;
        }

        return new ReconnectPolicy
        {
            InitialDelay = ReconnectDelay,
            MaxDelay = ReconnectMaxDelay,
            Factor = ReconnectFactor,
            Jitter = ReconnectJitter,
            MaxAttempts = ReconnectAttempts,
        };
    }

    private void Refuse(IEnumerable<string> parameters, string where)
    {
        if (parameters.FirstOrDefault(MyInvocation.BoundParameters.ContainsKey) is { } parameter)
            ThrowTerminatingError(Errors.ParameterWithoutEffect(parameter, where));
    }

    private bool TryWait(Client client, ReactorHost host, Task connecting)
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
            if (client.Status != ClientStatus.Disconnected)
            {
                WriteWarning($"{error} It is tried again.");
                return true;
            }

            if (ParameterSetName == New)
                ThrowTerminatingError(error);
            WriteError(error);
            return false;
        }
    }
}
