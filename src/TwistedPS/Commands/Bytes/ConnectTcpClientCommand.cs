using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Connects to a server whose protocol is made of bytes.</summary>
[Cmdlet(VerbsCommunications.Connect, "TcpClient", DefaultParameterSetName = New)]
[OutputType(typeof(DataClient))]
public sealed class ConnectTcpClientCommand : ClientCommand, IDataParameters
{
    private static readonly RawFormat s_defaults = new();

    /// <summary>Called for what each read has brought, or with -Framing for each message; without it, data wait for Receive-TcpData.</summary>
    [Parameter(Position = 2, ParameterSetName = New)]
    public ScriptBlock? OnData { get; set; }

    /// <summary>How text becomes bytes; UTF-8 without a byte order mark by default.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = s_defaults.Encoding;

    /// <summary>How messages are told apart: not at all (Raw), as netstrings, or by a length of 8, 16 or 32 bits before each.</summary>
    [Parameter]
    public DataFraming Framing { get; set; }

    /// <summary>With -Framing: the longest message received in bytes; a longer one closes the connection.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int MaxMessageLength { get; set; } = s_defaults.MaxMessageLength;

    /// <summary>A client to connect again; the data that it has received stay.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Again, ValueFromPipeline = true)]
    [ServiceTransformation<DataClient>]
    [ArgumentCompleter(typeof(ServiceCompleter<DataClient>))]
    public DataClient? Client { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Connect(Client ?? CreateClient(OnData, new DataOutput(Encoding, Framing), Create));

    private DataClient Create(ReactorHost host, ClientOptions options, IClientHandler scripts) =>
        new(host.Reactor, options, ((IDataParameters)this).ToFormat(), scripts) { IsQueued = OnData is null };
}
