using System.Management.Automation;
using System.Net;
using TwistedPS.Completers;
using TwistedPS.Consoles;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Talks to a line server at the keyboard: sends typed lines, and prints replies as they arrive, above the line that is being
/// typed (Twisted's <c>StandardIO</c> with a <c>LineReceiver</c>).
/// </summary>
/// <remarks>
/// <c>reconnect</c> connects again; <c>exit</c>, the end of input, or Ctrl+C leaves. A backslash before one of these words sends
/// the word itself. On a terminal, lines are edited with the keys that PSReadLine has in its Emacs mode, which F1 lists, and are
/// kept for the next session; what a server sends without the end of a line, such as a prompt, stays before what is typed.
/// Input from a pipe or a file is sent line by line, and the console is left when the last replies have come. Without -Client it
/// connects a client of its own, which it disconnects at the end. A client given with -Client stays connected, and so does what
/// it has received meanwhile.
/// </remarks>
[Cmdlet(VerbsCommon.Enter, "LineClient", DefaultParameterSetName = "Client", HelpUri = Pages + "Enter-LineClient.md")]
public sealed class EnterLineClientCommand : TlsClientCommand, IClientTlsParameters
{
    private const string ToHost = "Host";
    private const string ToPath = "Path";

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

    /// <summary>The longest line in bytes; a longer one closes the connection. 16384 by default.</summary>
    [Parameter(ParameterSetName = ToHost)]
    [Parameter(ParameterSetName = ToPath)]
    [ValidateRange(1, 1 << 30)]
    public int MaxLineLength { get; set; } = new LineFormat().MaxLineLength;

    /// <summary>Connects with TLS. Any other parameter of TLS implies it.</summary>
    [Parameter]
    public SwitchParameter Tls { get; set; }

    /// <summary>Connects in plain text, until the word <c>tls</c> is typed, which begins TLS (STARTTLS).</summary>
    [Parameter]
    public SwitchParameter StartTls { get; set; }

    /// <summary>The prompt before typed lines, as long as the server has sent none; "> " by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowEmptyString]
    public string Prompt { get; set; } = "> ";

    /// <summary>
    /// The file to which everything said is appended, each line with its time and a mark: > sent, &lt; received, = the console itself.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Transcript { get; set; }

    /// <summary>
    /// Neither reads nor writes the file of lines typed, which otherwise keeps the last 4096 of all sessions beside that of
    /// PSReadLine, except those about passwords, secrets and tokens.
    /// </summary>
    [Parameter]
    public SwitchParameter NoHistory { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Client is not null)
            TlsReader.RefuseAll(this, "with -Client");
        LineClient? given = Client is null ? null : this.FindOne(Client);
        if (given is null && Client is not null)
            return;
        ReactorHost host = given is null ? Session.GetDefault(Host) : HostOf(given.Reactor);
        if (host.Reactor.IsCurrent)
            ThrowTerminatingError(Errors.WouldDeadlock(CommandName, "Use Connect-LineClient -OnLine in a handler."));

        LineClient client = given ?? CreateClient(host);
        try
        {
            using ILineConsole console = OpenConsole();
            new LineConversation(this, host, client, console).Run();
            CancelToken.ThrowIfStopped();
        }
        finally
        {
            if (given is null)
                client.Dispose();
        }
    }

    private ILineConsole OpenConsole()
    {
        Transcript? transcript = Transcript is null ? null : OpenTranscript(GetUnresolvedProviderPathFromPSPath(Transcript));
        ILineConsole console = LineConsole.Open(Host, Prompt, IsPlain ? ConsoleColors.None : ConsoleColors.Standard, NoHistory ? null : HistoryFile.DefaultPath);
        return transcript is null ? console : new TranscribedConsole(console, transcript);
    }

    private Transcript OpenTranscript(string path)
    {
        try
        {
            return new Transcript(path, TimeProvider.System);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(Errors.LogPath(path, e));
            throw;
        }
    }

    // PowerShell heeds NO_COLOR only when it starts.
    private bool IsPlain => Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 }
        || (SessionState.PSVariable.GetValue("PSStyle") is { } style && $"{PSObject.AsPSObject(style).Properties["OutputRendering"]?.Value}" == "PlainText");

    private LineClient CreateClient(ReactorHost host)
    {
        EndpointString place = this.ReadServer(ComputerName, Port, Path);
        ClientOptions options = new() { Host = place.Server.Host, Port = place.Server.Port, Tls = new TlsReader(this).Read(this, place) };
        if (place.Timeout is { } limit)
            options = options with { ConnectTimeout = limit };
        if (place.BindAddress is { } local)
            options = options with { LocalEndPoint = new IPEndPoint(local, 0) };
        return new LineClient(host.Reactor, options, new LineFormat { MaxLineLength = MaxLineLength, DeliversCutOff = true }, null);
    }
}
