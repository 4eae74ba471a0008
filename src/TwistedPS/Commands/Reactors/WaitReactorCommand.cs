using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Loop;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Runs a foreground reactor until nothing is alive on it (Twisted's reactor.run), or moves the fake clock of any reactor (Clock.advance).
/// </summary>
/// <remarks>
/// The handlers on a foreground reactor run only while a cmdlet waits for it. It returns when no server, client, timer or process
/// is alive on it, when -Until is true, when -Timeout is over, or with -Advance when the clock has moved; it outputs nothing. If
/// -Until is not true in time, the error is WaitTimeout; without -Until the end of the time is none. With -Advance, a background
/// reactor does what is due on its own thread, and without it, it is refused with NotForeground. When -Advance returns, the reactor
/// has done all that was due, and what followed from it at once; only work beside it, such as that of Start-Deferred, may go on.
/// </remarks>
[Cmdlet(VerbsLifecycle.Wait, "Reactor", DefaultParameterSetName = "Run", HelpUri = Pages + "Wait-Reactor.md")]
public sealed class WaitReactorCommand : TwistedCommand
{
    private static readonly TimeSpan s_askEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>The reactor, or its number, created with New-Reactor -Foreground, or with -Advance any one with -FakeClock.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<Reactor>]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    [ValidateNotNull]
    public Alive<Reactor>? Reactor { get; set; }

    /// <summary>The longest time to run the reactor, in real time even with a fake clock; no limit by default.</summary>
    [Parameter(ParameterSetName = "Run")]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    [Alias("TimeoutSec", "TimeoutSeconds")]
    public TimeSpan? Timeout { get; set; }

    /// <summary>
    /// The condition that ends the wait when it is true; it is checked after each turn of the reactor, and every 50 ms.
    /// </summary>
    [Parameter(ParameterSetName = "Run")]
    [InPlace]
    public ScriptBlock? Until { get; set; }

    /// <summary>
    /// The time by which to advance the clock of a reactor created with New-Reactor -FakeClock; every call due on the way is
    /// made at its time.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "Advance")]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    public TimeSpan Advance { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (this.FindOne(LiveKinds.Reactors, Reactor!) is { } reactor)
            Wait(reactor);
    }

    private void Wait(Reactor reactor)
    {
        if (reactor.IsCurrent)
            ThrowTerminatingError(Errors.WouldDeadlock(MyInvocation.MyCommand.Name, "The reactor is already running."));
        ReactorHost host = HostOf(reactor);
        if (ParameterSetName == "Run")
            Run(host);
        else
            Move(host);
        CancelToken.ThrowIfStopped();
    }

    private void Move(ReactorHost host)
    {
        if (host.Reactor.TimeProvider is not ManualClock clock)
        {
            ThrowTerminatingError(Errors.NotFakeClock(host.Reactor));
            return;
        }

        if (host is ForegroundReactor { Reactor.IsRunning: false } foreground)
            foreground.Advance(this, clock, Advance, CancelToken);
        else
            WaitFor(host, MoveElsewhereAsync(host.Reactor, clock), "Advancing a fake clock", "");
        Session.ShowWarnings(this);
    }

    private Task<bool> MoveElsewhereAsync(Reactor reactor, ManualClock clock)
    {
        CancellationToken cancel = CancelToken;
        return reactor.Loop.PostAsync(() =>
        {
            reactor.Loop.Advance(clock, Advance, null, cancel);
            return true;
        });
    }

    private void Run(ReactorHost found)
    {
        if (found is not ForegroundReactor { Reactor.IsRunning: false } host)
        {
            ThrowTerminatingError(Errors.NotForeground(found.Reactor));
            return;
        }

        // The condition need not depend on the reactor, so the loop is woken to check it.
        using ITimer? asking = Until is null ? null : RealTime.Every(s_askEvery, () => host.Reactor.Post(() => { }));
        bool ended = host.Run(this, () => HasEnded(host.Reactor), Timeout, CancelToken);
        CancelToken.ThrowIfStopped();
        if (!ended && Until is not null)
            WriteError(Errors.WaitTimeout(host.Reactor, Timeout!.Value));
    }

    private bool HasEnded(Reactor reactor) =>
        reactor.Services.Length == 0 || (Until is not null && LanguagePrimitives.IsTrue(Until.InvokeReturnAsIs()));
}
