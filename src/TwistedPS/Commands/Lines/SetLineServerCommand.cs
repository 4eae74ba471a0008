using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Replaces handlers of a running line server; its connections stay.</summary>
/// <remarks>
/// The new handlers are called from the next line or event on. Connections stay open with their State, and $script: variables
/// and $Server.State are kept, so a protocol can be changed while it serves. Handlers that are not given stay as they are, and so do conversations.
/// </remarks>
[Cmdlet(VerbsCommon.Set, "LineServer", SupportsShouldProcess = true, HelpUri = Pages + "Set-LineServer.md")]
[OutputType(typeof(LineServer))]
public sealed class SetLineServerCommand : SetServerCommand<LineServer>
{
    /// <summary>The servers, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<LineServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<LineServer>))]
    [AllowEmptyCollection]
    public Alive<LineServer>[] Server { get; set; } = [];

    /// <summary>The new handler for lines.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public ScriptBlock? OnLine { get; set; }

    /// <summary>The new handler for bytes that come in place of lines.</summary>
    [Parameter]
    public ScriptBlock? OnData { get; set; }

    /// <summary>The new handler for lines that are too long.</summary>
    [Parameter]
    public ScriptBlock? OnLineTooLong { get; set; }

    /// <summary>The new handler for new connections.</summary>
    [Parameter]
    public ScriptBlock? OnConnect { get; set; }

    /// <summary>The new handler for unsent output that has drained.</summary>
    [Parameter]
    public ScriptBlock? OnDrain { get; set; }

    /// <summary>The new handler for the end of connections.</summary>
    [Parameter]
    public ScriptBlock? OnDisconnect { get; set; }

    private protected override Alive<LineServer>[] Servers => Server;

    private protected override (string Parameter, ScriptBlock? Script)[] NewHandlers =>
    [
        (nameof(OnLine), OnLine), (nameof(OnData), OnData), (nameof(OnLineTooLong), OnLineTooLong), (nameof(OnConnect), OnConnect),
        (nameof(OnDrain), OnDrain), (nameof(OnDisconnect), OnDisconnect),
    ];

    private protected override (Scripts Scripts, Action Apply)? Renew(ReactorHost host, LineServer server)
    {
        var old = (NetworkServiceScripts<string>)server.HandlerOn(host.Reactor);
        if (old.Conversations is not null && (OnLine ?? OnData) is { } handler)
        {
            WriteError(Errors.ConversationContradicted(handler == OnLine ? nameof(OnLine) : nameof(OnData)));
            return null;
        }

        var scripts = new NetworkServiceScripts<string>(host, old.Scope, "Server", old.Format)
        {
            OnMessage = Capture(old, OnLine, old.OnMessage),
            OnData = Capture(old, OnData, old.OnData),
            OnTooLong = Capture(old, OnLineTooLong, old.OnTooLong),
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
