using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Connects to a server whose protocol is made of bytes.</summary>
[Cmdlet(VerbsCommunications.Connect, "TcpClient", DefaultParameterSetName = New)]
[OutputType(typeof(TcpClient))]
public sealed class ConnectTcpClientCommand : ClientCommand
{
    /// <summary>Called for what each read has brought; without it, data wait for Receive-TcpData.</summary>
    [Parameter(Position = 2, ParameterSetName = New)]
    public ScriptBlock? OnData { get; set; }

    /// <summary>How text becomes bytes; UTF-8 without a byte order mark by default.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = new RawFormat().Encoding;

    /// <summary>A client to connect again; the data that it has received stay.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Again, ValueFromPipeline = true)]
    [ServiceTransformation<TcpClient>]
    [ArgumentCompleter(typeof(ServiceCompleter<TcpClient>))]
    public TcpClient? Client { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Connect(Client ?? CreateClient(OnData, new DataOutput(Encoding), Create));

    private TcpClient Create(ReactorHost host, ClientOptions options, IClientHandler scripts) =>
        new(host.Reactor, options, new RawFormat { Encoding = Encoding }, scripts) { IsQueued = OnData is null };
}
