using TwistedPS.Engine.Timers;

namespace TwistedPS.Scripting;

/// <summary>The scriptblock of a timer.</summary>
internal sealed class TimerScripts(ReactorHost host, HandlerScope scope) : Scripts(host, scope, "Timer"), ITimerHandler
{
    public ScriptHandler? OnTick { get; init; }

    protected override IEnumerable<ScriptHandler?> All => [OnTick];

    public void Tick(ReactorTimer timer, long number) => Run(OnTick, timer, number, timer, number);

    /// <summary>Says that, unlike a server, which goes on with its other connections, the timer ends here.</summary>
    protected override string WarningOf(string handler, string error) => $"{handler} has failed and makes no further calls: {error}";
}
