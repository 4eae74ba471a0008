using System.Buffers;
using TwistedPS.Engine.Transports;

namespace TwistedPS.Engine.Framing;

/// <summary>What a <see cref="MessageReceiver{T}"/> tells. Called on the reactor's thread.</summary>
internal interface IMessageHandler<T>
{
    void ConnectionMade(Transport transport);

    /// <summary>A message has arrived; those after it are to be had from <see cref="MessageReceiver{T}.TryRead"/>.</summary>
    void Received(T first);

    /// <summary>What came can't be read as a message, nor what follows it.</summary>
    void MessageInvalid(InvalidMessageException error);

    /// <summary>The stream ended in the middle of a message.</summary>
    void MessageCutOff(in ReadOnlySequence<byte> rest);

    /// <summary>The stream ended, and all messages were handed over.</summary>
    void ReadEnded();

    /// <summary>Output that was over the limit is down again.</summary>
    void WriteReady();

    void ConnectionLost(CloseReason reason, Exception? error);
}
