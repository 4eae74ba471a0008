using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Stops reactors and everything that runs on them.</summary>
/// <remarks>
/// Servers and timers stop, clients are disconnected, processes killed, and deferreds cancelled, all without a drain time: what
/// is unsent is dropped, but OnDisconnect and OnStop are called. A handler that runs has 2 seconds to return, then it is
/// interrupted; Ctrl+C ends the wait, not the stop. It outputs nothing. A reactor that has stopped can't be started again; the session gets a new one of its own
/// when something needs it. A number that no reactor has is an error, ReactorNotFound, which does not end the cmdlet.
/// </remarks>
[Cmdlet(VerbsLifecycle.Stop, "Reactor", SupportsShouldProcess = true, HelpUri = Pages + "Stop-Reactor.md")]
public sealed class StopReactorCommand : TwistedCommand
{
    /// <summary>The reactors, or their numbers.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<Reactor>]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    [AllowEmptyCollection]
    public Alive<Reactor>[] Reactor { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (Reactor reactor in this.Find(LiveKinds.Reactors, Reactor))
        {
            if (!reactor.IsStopped && ShouldProcess($"reactor {reactor.Id}"))
                Stop(HostOf(reactor));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Session.ShowWarnings(this);

    private void Stop(ReactorHost host)
    {
        // The loop of a foreground reactor is this very thread, and a handler can't wait for its own end.
        if (host.IsForeground || host.Reactor.IsCurrent)
            host.Shutdown();
        else
            WaitFor(host, Task.Run(host.Shutdown), null, $"Stopping reactor {host.Reactor.Id}", "");
    }
}
