using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Timers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Calls a scriptblock later (Twisted's callLater), or repeatedly (LoopingCall).</summary>
/// <remarks>
/// Each call is due at its own offset from the start, so that lateness does not add up; calls missed by a busy reactor are
/// skipped and counted in Skipped. It outputs the timer. A handler that throws ends its timer with the status Failed; the error
/// is in its Errors and shown as a warning. A timer that a handler starts answers that handler's connection with its output,
/// and ends with it.
/// </remarks>
[Cmdlet(VerbsLifecycle.Start, "ReactorTimer", DefaultParameterSetName = Once, HelpUri = Pages + "Start-ReactorTimer.md")]
[OutputType(typeof(ReactorTimer))]
public sealed class StartReactorTimerCommand : ServiceCommand
{
    private const string Once = "After";
    private const string Repeated = "Every";

    /// <summary>
    /// Called each time; $_ is the number of the call, from 1, and the output goes to the log. The call lasts until the
    /// deferreds in the output have fired.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNull]
    public ScriptBlock? OnTick { get; set; }

    /// <summary>The delay before a single call; 0 for the next turn of the reactor.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Once)]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    public TimeSpan After { get; set; }

    /// <summary>The interval between repeated calls; more than 0.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Repeated)]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    public TimeSpan Every { get; set; }

    /// <summary>Makes the first call at once, not after the first interval.</summary>
    [Parameter(ParameterSetName = Repeated)]
    public SwitchParameter Now { get; set; }

    /// <summary>The number of calls to make; no limit by default.</summary>
    [Parameter(ParameterSetName = Repeated)]
    [ValidateRange(1, int.MaxValue)]
    public int? Count { get; set; }

    /// <summary>
    /// Lets the timer go on when the connection has ended whose handler calls this; its output then goes to its log.
    /// </summary>
    [Parameter]
    public SwitchParameter Detached { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        ReactorTimerOptions options = MakeOptions();
        if (FindHost(Reactor) is not { } host)
            return;
        HandlerScope scope = host.CreateInnerScope(SessionState);
        var scripts = new TimerScripts(host, scope)
        {
            Initialization = Starter.CaptureInitialization(scope),
            StartedFor = Detached ? null : Session.StarterOn(host),
            OnTick = Starter.Capture(scope, OnTick),
        };
        var timer = new ReactorTimer(host.Reactor, options, scripts);
        Starter.Start(host, timer, () =>
        {
            scripts.Initialize();
            timer.Start();
            scripts.StartedFor?.Own(timer, isAnswer: timer.Count is not null);
        });
        WriteObject(timer);
    }

    private ReactorTimerOptions MakeOptions()
    {
        if (ParameterSetName == Once)
            return new ReactorTimerOptions { Name = Name, Delay = After };
        if (Every == TimeSpan.Zero)
            ThrowTerminatingError(Errors.IntervalInvalid(Every, nameof(Every)));
        return new ReactorTimerOptions
        {
            Name = Name,
            Delay = Now ? TimeSpan.Zero : Every,
            Interval = Every,
            Count = Count,
        };
    }
}
