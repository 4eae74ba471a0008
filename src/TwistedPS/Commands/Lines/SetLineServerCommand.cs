using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Replaces handlers of a running line server; its connections stay.</summary>
/// <remarks>
/// The new handlers are called from the next line or event on. Connections stay open with their State, and $script: variables
/// and $Server.State are kept, so a protocol can be changed while it serves. Handlers that are not given stay as they are.
/// </remarks>
[Cmdlet(VerbsCommon.Set, "LineServer", SupportsShouldProcess = true, HelpUri = Pages + "Set-LineServer.md")]
[OutputType(typeof(LineServer))]
public sealed class SetLineServerCommand : TwistedCommand
{
    /// <summary>The servers, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<LineServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<LineServer>))]
    [AllowEmptyCollection]
    public Alive<LineServer>[] Server { get; set; } = [];

    /// <summary>The new handler for lines.</summary>
    [Parameter(Position = 1)]
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

    /// <summary>The new handler for errors of other handlers.</summary>
    [Parameter]
    public ScriptBlock? OnError { get; set; }

    /// <summary>The new handler for the end of the server.</summary>
    [Parameter]
    public ScriptBlock? OnStop { get; set; }

    /// <summary>Outputs the servers.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Extra arguments for every handler, after its own.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if ((OnLine ?? OnData ?? OnLineTooLong ?? OnConnect ?? OnDrain ?? OnDisconnect ?? OnError ?? OnStop) is null)
            ThrowTerminatingError(Errors.HandlerMissing(CommandName, "-OnLine, or another one"));
        foreach (LineServer server in this.Find(Server).Where(server => ShouldProcess(server.Description, "Replace handlers")))
            Replace(server);
    }

    private void Replace(LineServer server)
    {
        if (server.Status is not ServerStatus.Running)
        {
            WriteError(Errors.ServerStopped(server));
            return;
        }

        ReactorHost host = HostOf(server.Reactor);
        var old = (NetworkServiceScripts<string>)server.Handler;
        var scripts = new NetworkServiceScripts<string>(host, old.Scope, "Server", LineOutput.Instance)
        {
            OnMessage = Capture(old.Scope, OnLine, ArgumentList) ?? old.OnMessage,
            OnData = Capture(old.Scope, OnData, ArgumentList) ?? old.OnData,
            OnTooLong = Capture(old.Scope, OnLineTooLong, ArgumentList) ?? old.OnTooLong,
            OnConnect = Capture(old.Scope, OnConnect, ArgumentList) ?? old.OnConnect,
            OnEnd = old.OnEnd,
            OnDrain = Capture(old.Scope, OnDrain, ArgumentList) ?? old.OnDrain,
            OnDisconnect = Capture(old.Scope, OnDisconnect, ArgumentList) ?? old.OnDisconnect,
            OnError = Capture(old.Scope, OnError, ArgumentList) ?? old.OnError,
            OnStop = Capture(old.Scope, OnStop, ArgumentList) ?? old.OnStop,
        };
        Task<bool> replaced = server.Reactor.InvokeAsync(() =>
        {
            scripts.Prepare();
            server.Replace(scripts);
            return true;
        });
        WaitFor(host, replaced, $"Replacing handlers of {server}", "");
        Session.ShowWarnings(this);
        ShowInlining(server);
        if (PassThru)
            WriteObject(server);
    }
}
