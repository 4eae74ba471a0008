using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Connects to a server with a protocol of lines.</summary>
/// <remarks>
/// <para>Waits until the connection is made and outputs the client. Without -OnLine, what the server sends is kept for
/// Receive-Line and Send-Line -Receive. With it the client has a protocol of scriptblocks as a server has, whose output is
/// sent; $Client is the client.</para>
/// <para>With -Reconnect the client connects again whenever its connection has ended or could not be made, after a longer
/// delay each time, until Disconnect-LineClient ends it. Its handlers run one at a time on the reactor's thread.</para>
/// </remarks>
[Cmdlet(VerbsCommunications.Connect, "LineClient", DefaultParameterSetName = ToEndpoint, HelpUri = Pages + "Connect-LineClient.md")]
[OutputType(typeof(LineClient))]
public sealed class ConnectLineClientCommand : ClientCommand, ILineParameters
{
    private static readonly LineFormat s_defaults = new();

    /// <summary>Called for each line; $_ is the line, and the output is sent. Without it, use Receive-Line.</summary>
    [Parameter(Position = 1, ParameterSetName = ToEndpoint)]
    [Parameter(Position = 2, ParameterSetName = ToHost)]
    [Parameter(Position = 0, ParameterSetName = ToPath)]
    [ArgumentCompleter(typeof(AfterHostCompleter))]
    public ScriptBlock? OnLine { get; set; }

    /// <summary>
    /// Called for bytes that come in place of lines, after $Connection.ReadBytes or $Connection.ReadRaw has asked for them; $_
    /// holds them, and the output is the reply.
    /// </summary>
    [Parameter]
    public ScriptBlock? OnData { get; set; }

    /// <summary>The most bytes that $Connection.ReadBytes may ask for at once; 1 MiB by default.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int MaxDataLength { get; set; } = s_defaults.MaxDataLength;

    /// <summary>
    /// Called for a line that is too long; $_ is its beginning, and the rest of it is left out. Without this handler, such a line
    /// closes the connection.
    /// </summary>
    [Parameter]
    public ScriptBlock? OnLineTooLong { get; set; }

    /// <summary>
    /// The end of a line: Auto, the default (LF or CRLF in, CRLF out), LF, CRLF, CR, NUL, or any text, with escapes such as '\0' in it. Only
    /// with the first three is text that has line breaks sent as several lines.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(DelimiterCompleter))]
    [ValidateNotNull]
    public LineDelimiter Delimiter { get; set; } = s_defaults.Delimiter;

    /// <summary>The encoding of text; UTF-8 without a byte order mark by default.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = s_defaults.Encoding;

    /// <summary>The longest line in bytes; a longer one goes to -OnLineTooLong, or closes the connection. 16384 by default.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int MaxLineLength { get; set; } = s_defaults.MaxLineLength;

    /// <summary>Delivers text without a delimiter at the end of the stream as a line.</summary>
    [Parameter]
    public SwitchParameter DeliverPartialLine { get; set; }

    /// <summary>A client to connect again; it keeps the lines already received.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Again, ValueFromPipeline = true)]
    [AliveTransformation<LineClient>]
    [ShownAs<LineClient>]
    [ArgumentCompleter(typeof(ServiceCompleter<LineClient>))]
    public Alive<LineClient>? Client { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if ((Client is null ? CreateClient(OnLine, LineOutput.Instance, Create) : this.FindOne(Client)) is { } client)
            Connect(client);
    }

    private LineClient Create(ReactorHost host, ClientOptions options, IClientHandler scripts) =>
        new(host.Reactor, options, ((ILineParameters)this).ToFormat(), scripts) { IsQueued = OnLine is null };
}
