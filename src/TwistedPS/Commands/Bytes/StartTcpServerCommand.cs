using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Starts a server with a protocol of raw bytes or framed messages.</summary>
/// <remarks>
/// <para>The server listens when the cmdlet outputs it; with 0 as the port, its Port says which one it has. What OnData outputs is
/// the reply: bytes as they are, anything else as its text without a line end. Without -Framing it is called for what each read
/// brings, which may be a part of what the peer has sent or several messages together; with a framing it gets each message
/// whole. If the server can't listen, the cmdlet ends with an error such as AddressInUse. A handler that throws closes its own
/// connection only; the error is in the Errors and the log of the server.</para>
/// <para>With -Conversation, the protocol is a script instead that runs from the beginning of a connection to its end, in a runspace of
/// its own, and waits for data with Receive-TcpData.</para>
/// </remarks>
[Cmdlet(VerbsLifecycle.Start, "TcpServer", DefaultParameterSetName = OnEndpoint, HelpUri = Pages + "Start-TcpServer.md")]
[OutputType(typeof(DataServer))]
public sealed class StartTcpServerCommand : ServerCommand, IDataParameters
{
    private static readonly RawFormat s_defaults = new();

    /// <summary>
    /// Called for the data of each read, or with -Framing for each message; $_ holds the bytes, or with -Framing Json the
    /// object, and the output is the reply.
    /// </summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public ScriptBlock? OnData { get; set; }

    /// <summary>
    /// The encoding of text that handlers output, by a name such as latin1; UTF-8 without a byte order mark by default.
    /// </summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = s_defaults.Encoding;

    /// <summary>
    /// The framing of messages: none (Raw), the default; Netstring; a length before them: Length8, Length16, Length32,
    /// Length64, Length16LE and the like with the low byte first, Varint as in protobuf, Decimal with a space as in syslog over
    /// TCP; Fixed:128 bytes; Until:\0 or other bytes, such as Until:CRLF; Json or Json:AsHashtable, objects as lines of JSON;
    /// or a table that describes a header with a length in it: @{ Length = 2; Offset = 4; LittleEndian = $true; Includes =
    /// 'Header' }, also Adjustment and Strip.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(FramingCompleter))]
    [ValidateNotNull]
    public DataFraming Framing { get; set; } = DataFraming.Raw;

    /// <summary>
    /// With -Framing: the longest message received, in bytes, 99999 by default; a longer one closes the connection.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int MaxMessageLength { get; set; } = s_defaults.MaxMessageLength;

    private protected override Server CreateServer(Reactor reactor, ServerOptions options, IServerHandler handler) =>
        new DataServer(reactor, options, ((IDataParameters)this).ToFormat(), handler);

    private protected override IServerHandler CaptureHandlers(ReactorHost host)
    {
        IDataParameters given = this;
        return CaptureHandlers(host, nameof(OnData), OnData, given.ToHandlerFormat(), given.ToFormat(), Encoding.GetBytes);
    }
}
