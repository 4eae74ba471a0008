namespace TwistedPS.Engine.Services;

/// <summary>A listener to the times of a reactor's handlers, which is asked rarely whether it wants them, and never for each call.</summary>
internal interface IHandlerListener
{
    /// <summary>
    /// Begins to measure, or ends it, as the listener wants. Called when handlers begin to run, and twice a second while they do, on
    /// any thread.
    /// </summary>
    void Check();

    /// <summary>Notes a call that has been measured, for whomever. On the reactor's thread.</summary>
    void Called(HandlerCall handler, TimeSpan time);
}
