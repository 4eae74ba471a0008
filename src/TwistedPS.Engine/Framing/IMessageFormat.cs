using System.Buffers;

namespace TwistedPS.Engine.Framing;

/// <summary>The wire format of one kind of message. All connections of a server or client share it.</summary>
internal interface IMessageFormat<T>
{
    /// <summary>Whether a message cut off by the end of the stream is delivered.</summary>
    bool DeliversCutOff { get; }

    IFramer<T> CreateFramer();

    /// <summary>Rejects a message that can't be sent; none, unless a format says otherwise.</summary>
    /// <exception cref="MessageTooLongException">The message is too long.</exception>
    void Check(T message)
    {
    }

    /// <summary>Writes a message, or several if it must be sent as several.</summary>
    /// <returns>The number of messages written.</returns>
    int Write(IBufferWriter<byte> output, T message);

    /// <summary>Estimates the memory that a message takes while it waits, in bytes.</summary>
    long SizeOf(T message);
}
