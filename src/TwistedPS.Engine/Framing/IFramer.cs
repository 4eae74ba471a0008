using System.Buffers;

namespace TwistedPS.Engine.Framing;

/// <summary>
/// A framer, which cuts messages out of a stream of bytes. It does no I/O; it may remember how far it has scanned, so each
/// connection has its own.
/// </summary>
internal interface IFramer<T>
{
    /// <summary>Reads the next whole message from the front.</summary>
    /// <param name="buffer">All unconsumed bytes: those of the last call and those received since.</param>
    /// <param name="consumed">The start of the rest; without a message, of what is still of use.</param>
    /// <param name="message">The message.</param>
    /// <returns>False if the message isn't whole yet.</returns>
    /// <exception cref="MessageTooLongException">The message is already longer than allowed.</exception>
    /// <exception cref="InvalidMessageException">The bytes can't be a message.</exception>
    bool TryRead(in ReadOnlySequence<byte> buffer, out SequencePosition consumed, out T message);

    /// <summary>Forgets the bytes that it has seen: others follow, as at the beginning of a stream.</summary>
    void Reset()
    {
    }

    /// <summary>Forgets the message that it has begun: its bytes are read in another way, or others come before them.</summary>
    void Leave()
    {
    }

    /// <summary>Reads the message that the end of the stream has cut off.</summary>
    T ReadCutOff(in ReadOnlySequence<byte> rest);
}
