namespace TwistedPS.Engine.Services;

/// <summary>
/// What a handler is called for, such as a connection: it is held while the handler runs, and its handler's error ends it.
/// On the reactor's thread only.
/// </summary>
internal interface ICallTarget
{
    Service Owner { get; }

    void Hold();

    void Release();

    /// <summary>Ends it for an error that its handler has ended with.</summary>
    void Fail(Exception error);

    /// <summary>Writes to its owner's log, as an entry about itself.</summary>
    void Log(LogLevel level, string message);
}
