using TwistedPS.Engine.Transports;

namespace TwistedPS.Engine.Framing;

/// <summary>Control over the delivery of a connection's messages, of any kind. On the reactor's thread only.</summary>
internal interface IMessageReceiver : IProtocol
{
    /// <summary>
    /// Stops delivery until <see cref="Resume"/> for the same reason, and all others, even of messages that have already
    /// arrived.
    /// </summary>
    void Pause(PauseReasons reason);

    void Resume(PauseReasons reason);

    /// <summary>Stops delivery for good; anything that still arrives is dropped.</summary>
    void Stop();
}
