using System.Buffers;

namespace TwistedPS.Engine.Framing;

/// <summary>
/// Cuts messages out of a stream of bytes. It does no I/O; it may remember how far it has looked, so each connection has
/// its own.
/// </summary>
internal interface IFramer<T>
{
    /// <summary>Takes the next whole message off the front.</summary>
    /// <param name="buffer">All bytes not yet consumed: those of the last call and what came since.</param>
    /// <param name="consumed">Where the rest begins, if there was a message.</param>
    /// <param name="message">The message.</param>
    /// <returns>False when the message isn't whole yet.</returns>
    /// <exception cref="MessageTooLongException">It is longer than allowed already.</exception>
    /// <exception cref="InvalidMessageException">The bytes can't be a message.</exception>
    bool TryRead(in ReadOnlySequence<byte> buffer, out SequencePosition consumed, out T message);

    /// <summary>Makes a message of what the end of the stream has cut off.</summary>
    T ReadCutOff(in ReadOnlySequence<byte> rest);
}
