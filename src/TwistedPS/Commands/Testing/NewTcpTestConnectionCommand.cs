using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Connects to a server of bytes or messages in memory, without a port, for tests of its handlers.</summary>
/// <remarks>
/// The client is one as Connect-TcpClient outputs it, for Send-TcpData, Receive-TcpData and Should -HaveReceived, with the framing of
/// the server; its Server is the server of the handlers, which stops when the client has ended. Handlers run in this session, so
/// that they can call mocks, while a cmdlet sends or waits. With -Server it connects to a running server instead.
/// </remarks>
[Cmdlet(VerbsCommon.New, "TcpTestConnection", DefaultParameterSetName = "Handlers", HelpUri = Pages + "New-TcpTestConnection.md")]
[OutputType(typeof(DataClient))]
public sealed class NewTcpTestConnectionCommand : TestConnectionCommand, IDataParameters
{
    private const int LongestMessage = 1 << 30;

    private static readonly RawFormat s_format = new();

    /// <summary>
    /// The handler under test, called for the data of each read, or with -Framing for each message; $_ holds the bytes, or with
    /// -Framing Json the object, and the output is the reply.
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = "Handlers")]
    public ScriptBlock? OnData { get; set; }

    /// <summary>A running server to connect to.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Server", ValueFromPipeline = true)]
    [ShownAs<DataServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<DataServer>))]
    public Alive<DataServer>? Server { get; set; }

    /// <summary>The encoding of text; UTF-8 without a byte order mark by default.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = s_format.Encoding;

    /// <summary>The framing of messages both ways, as for Start-TcpServer; none (Raw) by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FramingCompleter))]
    [ValidateNotNull]
    public DataFraming Framing { get; set; } = DataFraming.Raw;

    /// <summary>With -Framing: the longest message that the server receives, in bytes; a longer one closes the connection. 99999 by default.</summary>
    [Parameter]
    [ValidateRange(1, 1 << 30)]
    public int MaxMessageLength { get; set; } = s_format.MaxMessageLength;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if ((Server is null ? StartServer() : this.FindOne(Server)) is { } server)
            Connect(server, options => new DataClient(server.Reactor, options, FormatFor(server), null), isOwn: Server is null);
    }

    private static DataFormat FormatFor(DataServer server) => server.Format with { MaxMessageLength = LongestMessage };

    /// <returns>The server; null if there is no such reactor, after an error is written.</returns>
    private DataServer? StartServer()
    {
        if (FindTestHost() is not { } host)
            return null;
        if (OnData is null && OnConnect is null)
            ThrowTerminatingError(Errors.HandlerMissing(CommandName, "-OnData, or -OnConnect"));
        IDataParameters data = this;
        var server = new DataServer(host.Reactor, ToOptions(), data.ToFormat(), CaptureHandlers(host, OnData, data.ToHandlerFormat()));
        Starter.Start(host, server, server.Start);
        return server;
    }
}
