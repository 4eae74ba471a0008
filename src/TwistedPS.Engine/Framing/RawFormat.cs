using System.Buffers;

namespace TwistedPS.Engine.Framing;

/// <summary>The format of bytes without framing: see <see cref="DataFraming.Raw"/>.</summary>
internal sealed record RawFormat : DataFormat
{
    public override bool DeliversCutOff => true;

    public override bool TryRead(in ReadOnlySequence<byte> buffer, out SequencePosition consumed, out byte[] message)
    {
        (consumed, message) = (buffer.End, buffer.ToArray());
        return !buffer.IsEmpty;
    }

    public override int Write(IBufferWriter<byte> output, byte[] message)
    {
        output.Write(message);
        return 1;
    }
}
