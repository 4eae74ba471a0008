using TwistedPS.Engine.Transports;

namespace TwistedPS.Engine.Framing;

/// <summary>Control over the delivery of a connection's messages, of any kind. On the reactor's thread only.</summary>
internal interface IMessageReceiver : IProtocol
{
    /// <summary>Stops delivery until <see cref="Resume"/>, even of messages that have already arrived.</summary>
    void Pause();

    void Resume();

    /// <summary>The bytes that have arrived and are not delivered. Not to be asked for in a handler of the connection.</summary>
    ReadOnlyMemory<byte> Undelivered { get; }

    /// <summary>Drops what has arrived and is not delivered, and begins anew with what comes next.</summary>
    void Restart();

    /// <summary>The number of bytes that restarts have dropped.</summary>
    long Dropped { get; }

    /// <summary>Stops delivery for good; anything that still arrives is dropped.</summary>
    void Stop();
}
