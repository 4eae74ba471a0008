using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Runs a foreground reactor until nothing is alive on it (Twisted's reactor.run).
/// </summary>
[Cmdlet(VerbsLifecycle.Wait, "Reactor")]
public sealed class WaitReactorCommand : TwistedCommand
{
    private static readonly TimeSpan s_askEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>The reactor, made with New-Reactor -Foreground.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ReactorTransformation]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    [ValidateNotNull]
    public Reactor? Reactor { get; set; }

    /// <summary>How long to run it; without limit by default.</summary>
    [Parameter]
    [TimeoutTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Run it until this is true.</summary>
    [Parameter]
    public ScriptBlock? Until { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Reactor!.IsCurrent)
            ThrowTerminatingError(Errors.WouldDeadlock(MyInvocation.MyCommand.Name, "The reactor runs already."));
        if (HostOf(Reactor) is not ForegroundReactor { Reactor.IsRunning: false } host)
        {
            ThrowTerminatingError(Errors.NotForeground(Reactor));
            return;
        }

        if (Until is not null)
            AskAgain();
        bool ended = host.Run(this, HasEnded, Timeout, CancelToken);
        CancelToken.ThrowIfStopped();
        if (!ended && Until is not null)
            WriteError(Errors.WaitTimeout(Reactor, Timeout!.Value));
    }

    private bool HasEnded() =>
        Reactor!.Services.Length == 0 || (Until is not null && LanguagePrimitives.IsTrue(Until.InvokeReturnAsIs()));

    /// <summary>Wakes the loop now and then: what is waited for need not come from the reactor.</summary>
    private void AskAgain() => Reactor!.CallLater(s_askEvery, AskAgain);
}
