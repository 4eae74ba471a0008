using TwistedPS.Engine.Transports;

namespace TwistedPS.Engine.Framing;

/// <summary>How a connection holds up its messages, whatever their kind. On the reactor's thread only.</summary>
internal interface IMessageReceiver : IProtocol
{
    /// <summary>Hands over nothing more until <see cref="Resume"/>, not even what has arrived already.</summary>
    void Pause();

    void Resume();

    /// <summary>Hands over nothing any more; what still comes is dropped.</summary>
    void Stop();
}
