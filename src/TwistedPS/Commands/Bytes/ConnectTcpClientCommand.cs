using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Connects to a server with a protocol of raw bytes or framed messages.</summary>
/// <remarks>
/// It outputs the client once it is connected. With -OnData what the server sends is handled as it arrives; without, it waits
/// for Receive-TcpData, up to 8 MiB, beyond which the connection is not read. An attempt that fails ends the cmdlet with an
/// error such as ConnectionRefused, HostNotFound or ConnectTimeout; with -Reconnect it is a warning, the client is output, and
/// it tries again.
/// </remarks>
[Cmdlet(VerbsCommunications.Connect, "TcpClient", DefaultParameterSetName = ToEndpoint, HelpUri = Pages + "Connect-TcpClient.md")]
[OutputType(typeof(DataClient))]
public sealed class ConnectTcpClientCommand : ClientCommand, IDataParameters
{
    private static readonly RawFormat s_defaults = new();

    /// <summary>
    /// Called for the data of each read, or with -Framing for each message; $_ holds the bytes, or with -Framing Json the
    /// object, and the output is sent. Without it, use Receive-TcpData.
    /// </summary>
    [Parameter(Position = 1, ParameterSetName = ToEndpoint)]
    [Parameter(Position = 2, ParameterSetName = ToHost)]
    [Parameter(Position = 0, ParameterSetName = ToPath)]
    [ArgumentCompleter(typeof(AfterHostCompleter))]
    public ScriptBlock? OnData { get; set; }

    /// <summary>
    /// The encoding of text that handlers output or cmdlets send, by a name such as latin1; UTF-8 without a byte order mark by
    /// default.
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

    /// <summary>A client to connect again, or its number or name; it keeps the data already received, and its handlers.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Again, ValueFromPipeline = true)]
    [AliveTransformation<DataClient>]
    [ShownAs<DataClient>]
    [ArgumentCompleter(typeof(ServiceCompleter<DataClient>))]
    public Alive<DataClient>? Client { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if ((Client is null ? CreateClient(OnData, ((IDataParameters)this).ToHandlerFormat(), Create) : this.FindOne(Client)) is { } client)
            Connect(client);
    }

    private DataClient Create(ReactorHost host, ClientOptions options, IClientHandler scripts) =>
        new(host.Reactor, options, ((IDataParameters)this).ToFormat(), scripts) { IsQueued = OnData is null };
}
