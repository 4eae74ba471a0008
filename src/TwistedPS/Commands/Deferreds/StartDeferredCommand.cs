using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Services;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Runs a scriptblock that may block off the reactor's thread, and outputs a deferred for its output (Twisted's
/// deferToThread).
/// </summary>
/// <remarks>
/// Work that takes long goes here, so that the reactor and the prompt go on. The output of the script is the result: nothing is
/// $null, several objects are an array. A failing statement or throw is the error of the deferred; other streams go to the log.
/// Up to 10 scripts run at once in this session, and each connection has its turn. What a handler starts ends with that
/// handler's connection.
/// </remarks>
[Cmdlet(VerbsLifecycle.Start, "Deferred", HelpUri = Pages + "Start-Deferred.md")]
[OutputType(typeof(Deferred))]
public sealed class StartDeferredCommand : DeferredCommand
{
    /// <summary>The script to run in a runspace of a pool, where it may block; $using: passes variables to it.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNull]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>Arguments for the scriptblock; none by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    /// <summary>
    /// Lets the script go on when the connection has ended whose handler calls this; otherwise it is stopped, or not begun.
    /// </summary>
    [Parameter]
    public SwitchParameter Detached { get; set; }

    /// <summary>
    /// The largest number of scripts that run at once in this session from now on, while others wait; 10 at first.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int? ThrottleLimit { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (FindHost(Reactor) is not { } host)
            return;
        var values = new ScriptValues(leaveSession: true);
        ScriptText script = CaptureOrThrow(values, () => ScriptText.Capture(ScriptBlock!, SessionState, values));
        object?[] arguments = [.. (ArgumentList ?? []).Select(argument => values.Carry(argument, SessionState, nameof(ArgumentList)))];
        string location = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        Recipient? asker = Session.StarterOn(host);
        ReactorLog log = asker?.Service.ReactorLog ?? host.Reactor.ReactorLog;
        var work = new DeferredWork(script, arguments, location, log);
        WorkerPool workers = Session.Workers;
        if (ThrottleLimit is { } limit)
            workers.Limit = limit;
        WriteDeferred(host, () =>
        {
            var deferred = new Deferred(host.Reactor, Origin, _ => workers.Cancel(work));

            // Cancelled in a turn of its own, since callbacks may be interrupted, and with it the work.
            void Abandon() => host.Reactor.Post(deferred.Cancel);
            var item = new WorkItem(work, outcome => deferred.TryFire(outcome), Abandon, Detached);
            workers.Add(item, asker is { OwnsWhatItStarts: true, HasEnded: false } ? asker : null);
            if (asker is DistantRecipient { OwnsWhatItStarts: true } distant && !Detached)
                distant.EndIfOver(Abandon);

            // The script may output a deferred, for which only a callback can wait.
            deferred.AddCallbacks(result => result, null);
            return deferred;
        });
    }
}
