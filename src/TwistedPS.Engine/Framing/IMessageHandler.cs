using System.Buffers;
using TwistedPS.Engine.Transports;

namespace TwistedPS.Engine.Framing;

/// <summary>The handler of a <see cref="MessageReceiver{T}"/>'s events. Called on the reactor's thread.</summary>
internal interface IMessageHandler<T>
{
    void ConnectionMade(Transport transport);

    /// <summary>Called with what has arrived first, before any of it is delivered.</summary>
    void Began(ReadOnlySpan<byte> first);

    /// <summary>Whether messages that are too long arrive as well, of which the beginning is delivered; otherwise they are invalid.</summary>
    bool AcceptsTooLong { get; }

    /// <summary>Handles what has arrived; what comes after it is got from <see cref="MessageReceiver{T}.TryRead"/>.</summary>
    void Received(Arrival<T> first);

    /// <summary>Handles bytes that are no message; those that follow can't be read either.</summary>
    void MessageInvalid(InvalidMessageException error);

    /// <summary>Handles the end of the stream in the middle of a message, or of a number of bytes.</summary>
    void MessageCutOff(in ReadOnlySequence<byte> rest, bool isMessage);

    /// <summary>Handles the end of the stream, after all messages were delivered.</summary>
    void ReadEnded();

    /// <summary>Handles output that was over the limit and has drained.</summary>
    void WriteReady();

    void ConnectionLost(CloseReason reason, Exception? error);
}
