using System.Management.Automation;
using System.Text;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Starts a server whose protocol is made of bytes.</summary>
[Cmdlet(VerbsLifecycle.Start, "TcpServer")]
[OutputType(typeof(TcpServer))]
public sealed class StartTcpServerCommand : ListeningCommand
{
    /// <summary>Called for what each read has brought; $_ are the bytes, and the output is the reply.</summary>
    [Parameter(Position = 1)]
    public ScriptBlock? OnData { get; set; }

    /// <summary>How text that handlers output becomes bytes; UTF-8 without a byte order mark by default.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = new RawFormat().Encoding;

    private protected override Server StartServer(ReactorHost host, ServerOptions options) => StartServer(
        host,
        OnData,
        new DataOutput(Encoding),
        scripts => new TcpServer(host.Reactor, options, new RawFormat { Encoding = Encoding }, scripts));
}
