using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Streams;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Starts a server with a protocol of raw bytes or framed messages.</summary>
[Cmdlet(VerbsLifecycle.Start, "TcpServer", DefaultParameterSetName = OnEndpoint)]
[OutputType(typeof(DataServer))]
public sealed class StartTcpServerCommand : ServerCommand, IDataParameters
{
    private static readonly RawFormat s_defaults = new();

    /// <summary>
    /// Called for the data of each read, or with -Framing for each message; $_ holds the bytes, and the output is the reply.
    /// </summary>
    [Parameter(Position = 1)]
    public ScriptBlock? OnData { get; set; }

    /// <summary>The encoding of text that handlers output; UTF-8 without a byte order mark by default.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = s_defaults.Encoding;

    /// <summary>The framing of messages: none (Raw), netstrings, or a length prefix of 8, 16 or 32 bits.</summary>
    [Parameter]
    public DataFraming Framing { get; set; }

    /// <summary>With -Framing: the longest message received, in bytes; a longer one closes the connection.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int MaxMessageLength { get; set; } = s_defaults.MaxMessageLength;

    private protected override Server CreateServer(ReactorHost host, ServerOptions options) => new DataServer(
        host.Reactor,
        options,
        ((IDataParameters)this).ToFormat(),
        CaptureHandlers(host, nameof(OnData), OnData, new DataOutput(Encoding, Framing)));
}
