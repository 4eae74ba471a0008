using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Replaces handlers of a running TCP server; its connections stay.</summary>
/// <remarks>Handlers that are not given stay as they are, and so do the framing and conversations. The new ones share the scope of the old ones, with its $script: variables.</remarks>
[Cmdlet(VerbsCommon.Set, "TcpServer", SupportsShouldProcess = true, HelpUri = Pages + "Set-TcpServer.md")]
[OutputType(typeof(DataServer))]
public sealed class SetTcpServerCommand : SetServerCommand<DataServer>
{
    /// <summary>The servers, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<DataServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<DataServer>))]
    [AllowEmptyCollection]
    public Alive<DataServer>[] Server { get; set; } = [];

    /// <summary>The new handler for data or framed messages.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public ScriptBlock? OnData { get; set; }

    /// <summary>The new handler for new connections.</summary>
    [Parameter]
    public ScriptBlock? OnConnect { get; set; }

    /// <summary>The new handler for unsent output that has drained.</summary>
    [Parameter]
    public ScriptBlock? OnDrain { get; set; }

    /// <summary>The new handler for the end of connections.</summary>
    [Parameter]
    public ScriptBlock? OnDisconnect { get; set; }

    private protected override Alive<DataServer>[] Servers => Server;

    private protected override (string Parameter, ScriptBlock? Script)[] NewHandlers =>
    [
        (nameof(OnData), OnData), (nameof(OnConnect), OnConnect), (nameof(OnDrain), OnDrain), (nameof(OnDisconnect), OnDisconnect),
    ];

    private protected override (Scripts Scripts, Action Apply)? Renew(ReactorHost host, DataServer server)
    {
        var old = (NetworkServiceScripts<byte[]>)server.HandlerOn(host.Reactor);
        if (old.Conversations is not null && OnData is not null)
        {
            WriteError(Errors.ConversationContradicted(nameof(OnData)));
            return null;
        }

        var scripts = new NetworkServiceScripts<byte[]>(host, old.Scope, "Server", old.Format)
        {
            OnMessage = Capture(old, OnData, old.OnMessage),
            OnConnect = Capture(old, OnConnect, old.OnConnect),
            OnEnd = old.OnEnd,
            OnDrain = Capture(old, OnDrain, old.OnDrain),
            OnDisconnect = Capture(old, OnDisconnect, old.OnDisconnect),
            OnError = Capture(old, OnError, old.OnError),
            OnStop = Capture(old, OnStop, old.OnStop),
            Conversations = old.Conversations,
        };
        return (scripts, () => server.Replace(scripts, host.Reactor));
    }
}
