using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Loop;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Runs a foreground reactor until nothing is alive on it (Twisted's reactor.run), or moves its fake clock (Clock.advance).
/// </summary>
/// <remarks>
/// The handlers on such a reactor run only while a cmdlet waits for it. It returns when no server, client, timer or process is
/// alive on it, when -Until is true, when -Timeout is over, or with -Advance when the clock has moved; it outputs nothing. If
/// -Until is not true in time, the error is WaitTimeout; without -Until the end of the time is none. A background reactor is
/// refused with NotForeground.
/// </remarks>
[Cmdlet(VerbsLifecycle.Wait, "Reactor", DefaultParameterSetName = "Run", HelpUri = Pages + "Wait-Reactor.md")]
public sealed class WaitReactorCommand : TwistedCommand
{
    private static readonly TimeSpan s_askEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>The reactor, or its number, created with New-Reactor -Foreground.</summary>
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
        if (HostOf(reactor) is not ForegroundReactor { Reactor.IsRunning: false } host)
        {
            ThrowTerminatingError(Errors.NotForeground(reactor));
            return;
        }

        if (ParameterSetName == "Run")
            Run(host);
        else if (reactor.TimeProvider is ManualClock clock)
            host.Advance(this, clock, Advance, CancelToken);
        else
            ThrowTerminatingError(Errors.NotFakeClock(reactor));
        CancelToken.ThrowIfStopped();
    }

    private void Run(ForegroundReactor host)
    {
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
