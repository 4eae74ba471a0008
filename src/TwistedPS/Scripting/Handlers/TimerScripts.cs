using System.Management.Automation;
using TwistedPS.Engine.Timers;

namespace TwistedPS.Scripting;

/// <summary>The scriptblock of a timer.</summary>
internal sealed class TimerScripts(ReactorHost host, HandlerScope scope) : Scripts(host, scope, "Timer"), ITimerHandler
{
    public ScriptHandler? OnTick { get; init; }

    protected override IEnumerable<ScriptHandler?> All => [OnTick];

    public void Tick(ReactorTimer timer, long number)
    {
        try
        {
            Run(OnTick, timer, number, timer, number);
        }
        catch (RuntimeException e) when (!Host.IsForeground && StartedFor is not { TakesAnswers: true })
        {
            // Unlike a server, which goes on with its other connections, the timer ends here.
            Host.Session.Warn($"The {timer} has failed and makes no further calls: {e.Message}");
            throw;
        }
    }
}
