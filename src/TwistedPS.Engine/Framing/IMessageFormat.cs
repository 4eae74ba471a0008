using System.Buffers;
using System.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>The wire format of one kind of message. All connections of a server or client share it.</summary>
internal interface IMessageFormat<T>
{
    /// <summary>Whether a message cut off by the end of the stream is delivered.</summary>
    bool DeliversCutOff { get; }

    /// <summary>The most bytes that may be read in place of a message.</summary>
    int MaxDataLength { get; }

    IFramer<T> CreateFramer();

    /// <summary>The encoding of text.</summary>
    Encoding Encoding { get; }

    /// <summary>Returns the error of a message that can't be sent; null if it can be.</summary>
    InvalidMessageException? Refuse(T message);

    /// <summary>Writes a message, or several if it must be sent as several.</summary>
    /// <returns>The number of messages written.</returns>
    /// <exception cref="InvalidMessageException">The message can't be sent.</exception>
    int Write(IBufferWriter<byte> output, T message);

    /// <summary>Estimates the memory that a message takes while it waits, in bytes.</summary>
    long SizeOf(T message);
}
