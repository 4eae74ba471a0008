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

    /// <summary>Reads a number of bytes next, and then messages again.</summary>
    void ReadBytes(int count);

    /// <summary>Reads all bytes as they come.</summary>
    void ReadRaw();

    /// <summary>Reads messages again.</summary>
    /// <param name="first">Bytes that were read already, to be read again before those that follow.</param>
    void ReadMessages(ReadOnlySpan<byte> first);

    /// <summary>Reads once more what has arrived and makes no message so far, since that has changed.</summary>
    void ReadAgain();

    /// <summary>Drops what has arrived and is not delivered, and begins anew with what comes next.</summary>
    void Restart();

    /// <summary>The number of bytes that restarts have dropped.</summary>
    long Dropped { get; }

    /// <summary>Stops delivery for good; anything that still arrives is dropped.</summary>
    void Stop();
}
