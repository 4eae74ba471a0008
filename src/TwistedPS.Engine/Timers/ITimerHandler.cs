namespace TwistedPS.Engine.Timers;

/// <summary>
/// What a timer does each time; the module implements it with a scriptblock. Called on the reactor's thread, never nested.
/// What it throws ends the timer.
/// </summary>
internal interface ITimerHandler
{
    /// <param name="timer">The timer.</param>
    /// <param name="number">Which call it is, counted from 1.</param>
    void Tick(ReactorTimer timer, long number);
}
