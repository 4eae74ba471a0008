using System.Buffers;

namespace TwistedPS.Engine.Framing;

/// <summary>The format of messages that end with certain bytes: <c>Until:\0</c>.</summary>
/// <param name="Delimiter">Those bytes.</param>
internal record UntilFormat(EncodedDelimiter Delimiter) : DataFormat
{
    public override IFramer<byte[]> CreateFramer() => new UntilFramer(Delimiter, MaxMessageLength);

    public override InvalidMessageException? Refuse(byte[] message)
    {
        // The end of the message may be the beginning of the delimiter, so that it would be found too early.
        ReadOnlySpan<byte> end = message.AsSpan(Math.Max(0, message.Length - Delimiter.Length + 1));
        bool isEndedEarly = !end.IsEmpty && Delimiter.IndexIn([.. end, .. Delimiter.Bytes], 0) < end.Length;
        return isEndedEarly || Delimiter.IndexIn(message, 0) >= 0
            ? new InvalidMessageException(
                CloseReason.InvalidMessage, $"The message has its delimiter '{Escapes.Write(Delimiter.Bytes)}' in it, so it can't be sent as one.")
            {
                IsOfDelimiter = true,
            }
            : null;
    }

    public override int Write(IBufferWriter<byte> output, byte[] message)
    {
        if (Refuse(message) is { } error)
            throw error;
        output.Write(message);
        output.Write(Delimiter.Bytes);
        return 1;
    }
}
