using System.Management.Automation;
using System.Net;
using System.Security.Authentication;
using TwistedPS.Completers;
using TwistedPS.Consoles;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Talks to a line server at the keyboard: sends typed lines, and prints replies as they arrive. <c>reconnect</c> connects
/// again; <c>exit</c>, the end of input, or Ctrl+C leaves.
/// </summary>
[Cmdlet(VerbsCommon.Enter, "LineClient", DefaultParameterSetName = "Client")]
public sealed class EnterLineClientCommand : TlsClientCommand, IClientTlsParameters
{
    private const string ToHost = "Host";
    private const string ToPath = "Path";
    private const string ConnectFailed = "Connection failed.";
    private const string ConnectionLost = "Connection lost.";
    private const string NotConnected = "Cannot send message to server. No connection.";

    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_lastReplies = TimeSpan.FromSeconds(5);

    private ReactorHost _host = null!;
    private LineClient _client = null!;
    private ILineConsole _console = null!;
    private bool _wasConnected;

    /// <summary>
    /// The name or address of the host, <c>host:port</c>, or an endpoint string such as <c>unix:/run/x.sock</c>; this machine by
    /// default.
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = ToHost)]
    [Alias("Endpoint")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NamedCompleter<ClientEndpointCompleter>))]
    public string ComputerName { get; set; } = "127.0.0.1";

    /// <summary>The port of the host.</summary>
    [Parameter(Position = 1, ParameterSetName = ToHost)]
    [PortTransformation]
    [ArgumentCompleter(typeof(PortCompleter))]
    [ValidateRange(1, 65535)]
    public int Port { get; set; }

    /// <summary>The path of a UNIX socket, or on Linux an abstract name after an @.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToPath)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>An existing client; leaving the console does not disconnect it.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Client", ValueFromPipeline = true)]
    [ShownAs<LineClient>]
    [ArgumentCompleter(typeof(ClientOrPlaceCompleter))]
    public Alive<LineClient>? Client { get; set; }

    /// <summary>The longest line in bytes; a longer one closes the connection.</summary>
    [Parameter(ParameterSetName = ToHost)]
    [Parameter(ParameterSetName = ToPath)]
    [ValidateRange(1, 1 << 30)]
    public int MaxLineLength { get; set; } = new LineFormat().MaxLineLength;

    /// <summary>Connects with TLS. Any other parameter of TLS implies it.</summary>
    [Parameter]
    public SwitchParameter Tls { get; set; }

    /// <summary>The prompt before typed lines.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowEmptyString]
    public string Prompt { get; set; } = "> ";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Client is not null)
            TlsReader.RefuseAll(this, "with -Client");
        LineClient? given = Client is null ? null : this.FindOne(Client);
        if (given is null && Client is not null)
            return;
        _host = given is null ? Session.GetDefault(Host) : HostOf(given.Reactor);
        if (_host.Reactor.IsCurrent)
            ThrowTerminatingError(Errors.WouldDeadlock(CommandName, "Use Connect-LineClient -OnLine in a handler."));

        _client = given ?? CreateClient();
        _console = LineConsole.Open(Host, Prompt);
        try
        {
            if (_client.Status == ClientStatus.Disconnected)
                Connect();
            Talk();
            CancelToken.ThrowIfStopped();
        }
        finally
        {
            _console.Dispose();
            if (Client is null)
                _client.Dispose();
        }
    }

    private LineClient CreateClient()
    {
        EndpointString place = this.ReadServer(ComputerName, Port, Path);
        ClientOptions options = new() { Host = place.Server.Host, Port = place.Server.Port, Tls = new TlsReader(this).Read(this, place) };
        if (place.Timeout is { } limit)
            options = options with { ConnectTimeout = limit };
        if (place.BindAddress is { } local)
            options = options with { LocalEndPoint = new IPEndPoint(local, 0) };
        return new LineClient(_host.Reactor, options, new LineFormat { MaxLineLength = MaxLineLength }, null);
    }

    private void Talk()
    {
        while (!CancelToken.IsCancellationRequested)
        {
            LetHandlersRun();
            ShowWhatCame();
            if (_console.IsAtEnd)
            {
                ShowLastReplies();
                return;
            }

            if (!_console.TryRead(s_lookEvery, out string line, CancelToken))
                continue;
            if (line == "exit")
                return;
            if (line == "reconnect")
                Connect();
            else
                Send(line);
        }
    }

    private void Connect()
    {
        // The lines typed next are for the new connection, so they wait for it; Ctrl+C ends the wait.
        Task connecting = _client.ConnectAsync(CancelToken);
        WaitFor(_host, connecting, null, $"Connecting to {new HostAddress(_client.Host, _client.Port)}", "");
        CancelToken.ThrowIfStopped();
        _wasConnected = connecting.IsCompletedSuccessfully;
        if (!_wasConnected)
            _console.Print(connecting.Exception?.InnerException is AuthenticationException e ? $"{ConnectFailed} {e.Message}" : ConnectFailed);
    }

    private void Send(string line)
    {
        try
        {
            (_client.Connection ?? throw new NotConnectedException(NotConnected)).Send(line);
        }
        catch (NotConnectedException)
        {
            _console.Print(NotConnected);
        }
    }

    private void ShowWhatCame()
    {
        // Checked before the lines are dequeued, so that none can arrive after the end was shown.
        bool lost = _wasConnected && _client.Status == ClientStatus.Disconnected;
        while (_client.TryReceive(out string line))
            _console.Print(line);
        if (!lost)
            return;
        _wasConnected = false;
        _console.Print(ConnectionLost);
    }

    /// <summary>Shows the last replies of the server once the input has ended, as that of a file does.</summary>
    private void ShowLastReplies()
    {
        if (_client.Connection is not { Status: ConnectionStatus.Open } connection)
            return;
        _wasConnected = false;
        connection.EndSending();
        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < s_lastReplies
            && !_client.Completion.IsCompleted
            && !CancelToken.WaitHandle.WaitOne(s_lookEvery))
        {
            LetHandlersRun();
            ShowWhatCame();
        }

        ShowWhatCame();
    }

    private void LetHandlersRun()
    {
        if (_host is ForegroundReactor { Reactor.IsRunning: false } foreground)
            foreground.RunUntilIdle(this, CancelToken);
    }
}
