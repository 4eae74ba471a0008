namespace TwistedPS.Engine.Timers;

/// <summary>
/// The handler of a timer; the module implements it with a scriptblock. Called on the reactor's thread, never nested. An
/// exception ends the timer.
/// </summary>
internal interface ITimerHandler
{
    /// <param name="timer">The timer.</param>
    /// <param name="number">The number of the call, counted from 1.</param>
    void Tick(ReactorTimer timer, long number);
}
