using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Connects to a server whose protocol is made of lines.</summary>
[Cmdlet(VerbsCommunications.Connect, "LineClient", DefaultParameterSetName = New)]
[OutputType(typeof(LineClient))]
public sealed class ConnectLineClientCommand : ClientCommand, ILineParameters
{
    private static readonly LineFormat s_defaults = new();

    /// <summary>Called for each line; without it, lines wait for Receive-Line.</summary>
    [Parameter(Position = 2, ParameterSetName = New)]
    public ScriptBlock? OnLine { get; set; }

    /// <summary>What ends a line: Auto (LF or CRLF in, CRLF out), LF, CRLF, or any text.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DelimiterCompleter))]
    [ValidateNotNull]
    public LineDelimiter Delimiter { get; set; } = s_defaults.Delimiter;

    /// <summary>How text becomes bytes; UTF-8 without a byte order mark by default.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = s_defaults.Encoding;

    /// <summary>The longest line in bytes; a longer one closes the connection.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int MaxLineLength { get; set; } = s_defaults.MaxLineLength;

    /// <summary>Take text without a delimiter at the end of the stream for a line.</summary>
    [Parameter]
    public SwitchParameter DeliverPartialLine { get; set; }

    /// <summary>A client to connect again; the lines that it has received stay.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Again, ValueFromPipeline = true)]
    [ServiceTransformation<LineClient>]
    [ArgumentCompleter(typeof(ServiceCompleter<LineClient>))]
    public LineClient? Client { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Connect(Client ?? CreateClient(OnLine, LineOutput.Instance, Create));

    private LineClient Create(ReactorHost host, ClientOptions options, IClientHandler scripts) =>
        new(host.Reactor, options, ((ILineParameters)this).ToFormat(), scripts) { IsQueued = OnLine is null };
}
