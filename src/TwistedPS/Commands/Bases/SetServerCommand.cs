using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Replaces handlers of running servers of a type; what they serve goes on.</summary>
/// <typeparam name="T">The type of the servers.</typeparam>
public abstract class SetServerCommand<T> : TwistedCommand
    where T : Service
{
    /// <summary>The new handler for errors of other handlers.</summary>
    [Parameter]
    public ScriptBlock? OnError { get; set; }

    /// <summary>The new handler for the end of the server.</summary>
    [Parameter]
    public ScriptBlock? OnStop { get; set; }

    /// <summary>Outputs the servers.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Extra arguments for every new handler, after its own.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    /// <summary>The servers in the current pipeline input.</summary>
    private protected abstract Alive<T>[] Servers { get; }

    /// <summary>The new handlers by the names of their parameters, the main one first; null for each that stays.</summary>
    private protected abstract (string Parameter, ScriptBlock? Script)[] NewHandlers { get; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (OnError is null && OnStop is null && Array.TrueForAll(NewHandlers, handler => handler.Script is null))
            ThrowTerminatingError(Errors.HandlerMissing(CommandName, $"-{NewHandlers[0].Parameter}, or another one"));
        foreach (T server in this.Find(Servers).Where(server => ShouldProcess(server.Description, "Replace handlers")))
            Replace(server);
    }

    /// <summary>Creates the scripts of a server anew, with the new handlers in place of the old ones.</summary>
    /// <returns>The scripts, and the way to put them into the server; null if it can't have them, after an error is written.</returns>
    private protected abstract (Scripts Scripts, Action Apply)? Renew(ReactorHost host, T server);

    /// <summary>Captures a new handler; returns the old one if it is null.</summary>
    private protected ScriptHandler? Capture(Scripts old, ScriptBlock? script, ScriptHandler? oldHandler) =>
        Capture(old.Scope, script, ArgumentList) ?? oldHandler;

    private static bool IsRunning(Service server) => server switch
    {
        Server streams => streams.Status,
        DatagramService datagrams => datagrams.Status,
        HttpServer web => web.Status,
        _ => ServerStatus.Stopped,
    } == ServerStatus.Running;

    private void Replace(T server)
    {
        if (!IsRunning(server))
        {
            WriteError(Errors.ServerStopped(server));
            return;
        }

        this.WarnOfScopedVariables(server.Reactors.Count());
        foreach (Reactor reactor in server.Reactors)
        {
            if (!Replace(server, reactor))
                return;
        }

        Session.ShowWarnings(this);
        ShowInlining(server);
        if (PassThru)
            WriteObject(server);
    }

    /// <returns>False if the server can't have the handlers, after an error is written.</returns>
    private bool Replace(T server, Reactor reactor)
    {
        ReactorHost host = HostOf(reactor);
        if (Renew(host, server) is not var (scripts, apply))
            return false;
        Task<bool> replaced = reactor.InvokeAsync(() =>
        {
            if (reactor == server.Reactor)
                scripts.Prepare();
            else
                scripts.Bind();
            apply();
            return true;
        });

        // In a handler, another reactor of the server may be waiting for this one.
        if (reactor.IsCurrent || !server.CurrentReactor.IsCurrent)
            WaitFor(host, replaced, $"Replacing handlers of {server}", "");
        return true;
    }
}
