using System.Buffers;

namespace TwistedPS.Engine.Framing;

/// <summary>How messages of a kind travel as bytes. One for all connections of a server or client.</summary>
internal interface IMessageFormat<T>
{
    /// <summary>Whether what the end of the stream has cut off is handed over as a message.</summary>
    bool DeliversCutOff { get; }

    IFramer<T> CreateFramer();

    /// <summary>Refuses a message that can't be sent; any can, unless a format says otherwise.</summary>
    /// <exception cref="MessageTooLongException">It is too long.</exception>
    void Check(T message)
    {
    }

    /// <summary>Writes a message, or several if it has to be sent as such.</summary>
    /// <returns>How many were written.</returns>
    int Write(IBufferWriter<byte> output, T message);

    /// <summary>About how much memory a message takes while it waits.</summary>
    long SizeOf(T message);
}
