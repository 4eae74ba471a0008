namespace TwistedPS.Engine.Services;

/// <summary>
/// A call of a handler, from its beginning to its end; the one in progress is its reactor's
/// <see cref="HandlerWatch.Current"/>. On the reactor's thread only.
/// </summary>
/// <param name="handler">The handler.</param>
/// <param name="target">The target of the call, if it is for one connection.</param>
internal sealed class CallContext(HandlerCall handler, ICallTarget? target = null)
{
    /// <summary>The handler; another one where calls of several follow each other.</summary>
    public HandlerCall Handler { get; set; } = handler;

    /// <summary>The connection that the call is about, which may differ from the one that is held meanwhile.</summary>
    public ICallTarget? Target { get; set; } = target;

    /// <summary>The source that the call comes from, if it can wait: a process, or the connection of its own handler.</summary>
    public IProducer? Producer => Handler.Owner?.Producer ?? (Target is { } target && target.Owner == Handler.Owner ? target.Producer : null);

    /// <summary>The timestamp of its beginning, if times are measured.</summary>
    public long Began { get; set; } = -1;

    /// <summary>The call within which this one is made; null if the loop makes it.</summary>
    public CallContext? Outer { get; set; }

    /// <summary>The state that the handlers' implementation keeps with it.</summary>
    public ICallState? State { get; set; }

    /// <summary>Sends what this call and the outer ones have output so far for a destination, outermost first.</summary>
    public void SendOutput(object destination)
    {
        Outer?.SendOutput(destination);
        State?.SendOutput(destination);
    }
}
