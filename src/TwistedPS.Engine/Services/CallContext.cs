namespace TwistedPS.Engine.Services;

/// <summary>
/// A call of a handler, from its beginning to its end: the one that a reactor makes now is the watch's current one. On the
/// reactor's thread only.
/// </summary>
/// <param name="handler">The handler.</param>
/// <param name="target">What it is called for, if it is for one connection.</param>
internal sealed class CallContext(HandlerCall handler, ICallTarget? target = null)
{
    public HandlerCall Handler => handler;

    /// <summary>The connection that it is about, which may be another than the one that is held meanwhile.</summary>
    public ICallTarget? Target { get; set; } = target;

    /// <summary>A place for what the handlers' side knows of it.</summary>
    public object? HandlerState { get; set; }
}
