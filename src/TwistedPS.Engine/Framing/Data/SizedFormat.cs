using System.Buffers;

namespace TwistedPS.Engine.Framing;

/// <summary>
/// A format whose messages say how long they are before they come. It keeps no state of a stream, so it is also the framer of
/// all connections.
/// </summary>
internal abstract record SizedFormat : DataFormat, IFramer<byte[]>
{
    public override IFramer<byte[]> CreateFramer() => this;

    public bool TryRead(in ReadOnlySequence<byte> buffer, out SequencePosition consumed, out byte[] message)
    {
        (consumed, message) = (buffer.Start, []);
        ReadOnlySpan<byte> bytes = buffer.IsSingleSegment ? buffer.FirstSpan : buffer.ToArray();
        if (Find(bytes) is not { } frame || bytes.Length < frame.End)
            return false;
        if (Malformed(bytes[..frame.End]) is { } error)
            throw error;
        (consumed, message) = (buffer.GetPosition(frame.End), MessageIn(bytes, frame));
        return true;
    }

    public byte[] ReadCutOff(in ReadOnlySequence<byte> rest) => rest.ToArray();

    /// <summary>Finds the place of the first message; null if its length has not come yet.</summary>
    /// <exception cref="InvalidMessageException">The bytes can't be a message, or not one that is short enough.</exception>
    private protected abstract FrameBounds? Find(ReadOnlySpan<byte> bytes);

    /// <summary>Returns the message at a place.</summary>
    private protected virtual byte[] MessageIn(ReadOnlySpan<byte> bytes, FrameBounds frame) => bytes.Slice(frame.Start, frame.Length).ToArray();

    /// <summary>Returns the error of a message that has come whole; null if it is well-formed.</summary>
    private protected virtual InvalidMessageException? Malformed(ReadOnlySpan<byte> frame) => null;

    /// <summary>Returns the place of a message of a length, unless it is too long.</summary>
    private protected FrameBounds Bounds(int start, long length, int trailer = 0) =>
        length > MaxMessageLength ? throw TooLong() : new FrameBounds(start, (int)length, start + (int)length + trailer);
}
