using TwistedPS.Engine.Timers;

namespace TwistedPS.Scripting;

/// <summary>The scriptblock of a timer.</summary>
internal sealed class TimerScripts(ReactorHost host, HandlerScope scope) : Scripts(host, scope, "Timer"), ITimerHandler
{
    private ReactorTimer? _timer;

    public ScriptHandler? OnTick { get; init; }

    protected override IEnumerable<ScriptHandler?> All => [OnTick];

    public void Tick(ReactorTimer timer, long number)
    {
        _timer = timer;
        Run(OnTick, timer, number, timer, number);
    }

    // The log, where there is no other recipient, is the timer's, and records the error itself.
    protected override void Returning(PendingOutput output)
    {
        foreach (Deferred deferred in output.DeferredsOn(Host.Reactor))
        {
            _timer!.Await(deferred, error =>
            {
                if (Answered is not null)
                    _timer.AddError($"Deferred {deferred.Id}", null, error);
            });
        }
    }

    /// <summary>Says that, unlike a server, which goes on with its other connections, the timer ends here.</summary>
    protected override string WarningOf(string handler, string error) => $"{handler} has failed and makes no further calls: {error}";
}
