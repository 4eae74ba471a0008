namespace TwistedPS.Engine.Services;

/// <summary>
/// A source of handlers' calls, which waits while a peer does not read what they write (Twisted's <c>IPushProducer</c>). On
/// the reactor's thread only.
/// </summary>
internal interface IProducer
{
    /// <summary>Pauses it until <see cref="Resume"/> with the same reason. It goes on when no reason is left.</summary>
    void Pause(object reason);

    void Resume(object reason);
}
