using System.Buffers;

namespace TwistedPS.Engine.Framing;

/// <summary>The format of bytes without framing: see <see cref="DataFraming.Raw"/>.</summary>
internal sealed record RawFormat : DataFormat, IFramer<byte[]>
{
    public override bool DeliversCutOff => true;

    public override IFramer<byte[]> CreateFramer() => this;

    public bool TryRead(in ReadOnlySequence<byte> buffer, out SequencePosition consumed, out byte[] message)
    {
        (consumed, message) = (buffer.End, buffer.ToArray());
        return !buffer.IsEmpty;
    }

    public byte[] ReadCutOff(in ReadOnlySequence<byte> rest) => rest.ToArray();

    public override int Write(IBufferWriter<byte> output, byte[] message)
    {
        output.Write(message);
        return 1;
    }
}
