using System.Buffers;

namespace TwistedPS.Engine.Framing;

/// <summary>The format of messages that all have the same length, whatever the longest one may be: <c>Fixed:128</c>.</summary>
/// <param name="Length">The length in bytes.</param>
internal sealed record FixedFormat(int Length) : SizedFormat
{
    public override InvalidMessageException? Refuse(byte[] message) => message.Length == Length
        ? null
        : new InvalidMessageException(CloseReason.InvalidMessage, $"The message has {message.Length} bytes instead of {Length}.");

    public override int Write(IBufferWriter<byte> output, byte[] message)
    {
        if (Refuse(message) is { } error)
            throw error;
        output.Write(message);
        return 1;
    }

    private protected override FrameBounds? Find(ReadOnlySpan<byte> bytes) => new FrameBounds(0, Length, Length);
}
