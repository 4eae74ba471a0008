namespace TwistedPS.Engine.Services;

/// <summary>
/// The target of a handler's call, such as a connection: it is held while the handler runs, and ended by the handler's
/// error. On the reactor's thread only.
/// </summary>
internal interface ICallTarget
{
    Service Owner { get; }

    /// <summary>The reactor that runs its handlers.</summary>
    Reactor Reactor => Owner.Reactor;

    /// <summary>The source of its messages.</summary>
    IProducer Producer { get; }

    void Hold();

    void Release();

    /// <summary>Ends it because of its handler's error.</summary>
    void Fail(Exception error);

    /// <summary>Writes to its owner's log, as an entry about itself.</summary>
    void Log(LogLevel level, string message);
}
