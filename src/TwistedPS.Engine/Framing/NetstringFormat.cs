using System.Buffers;
using System.Buffers.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>The format of bytes between their length and a comma: see <see cref="DataFraming.Netstring"/>.</summary>
internal sealed record NetstringFormat : DataFormat
{
    private const int MostDigits = 10;
    private const byte Colon = (byte)':';
    private const byte Comma = (byte)',';

    public override bool TryRead(in ReadOnlySequence<byte> buffer, out SequencePosition consumed, out byte[] message)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (!TryReadLength(ref reader, out int length) || reader.Remaining <= length)
            return Unfinished(buffer, out consumed, out message);

        message = buffer.Slice(reader.Position, length).ToArray();
        reader.Advance(length);
        if (!reader.IsNext(Comma, advancePast: true))
            throw Malformed("a comma is missing at its end");
        consumed = reader.Position;
        return true;
    }

    public override int Write(IBufferWriter<byte> output, byte[] message)
    {
        Span<byte> span = output.GetSpan(MostDigits + message.Length + 2);
        Utf8Formatter.TryFormat(message.Length, span, out int digits);
        span[digits] = Colon;
        message.CopyTo(span[(digits + 1)..]);
        span[digits + 1 + message.Length] = Comma;
        output.Advance(digits + message.Length + 2);
        return 1;
    }

    private bool TryReadLength(ref SequenceReader<byte> reader, out int length)
    {
        length = 0;
        for (int digits = 0; reader.TryRead(out byte next); digits++)
        {
            if (next == Colon && digits > 0)
                return true;
            if (!char.IsAsciiDigit((char)next) || (digits == 1 && length == 0))
                throw Malformed("it does not begin with its length");
            long longer = (length * 10L) + (next - '0');
            if (longer > MaxMessageLength)
                throw new MessageTooLongException(CloseReason.MessageTooLong, MaxMessageLength);
            length = (int)longer;
        }

        return false;
    }

    private static InvalidMessageException Malformed(string why) =>
        new(CloseReason.InvalidMessage, $"The received data is not a netstring: {why}.");
}
