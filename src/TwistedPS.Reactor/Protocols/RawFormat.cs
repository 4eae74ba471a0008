using System.Buffers;

namespace TwistedPS;

/// <summary>Bytes as they come: a message is what one read has brought (Twisted's <c>dataReceived</c>).</summary>
internal sealed class RawFormat : IMessageFormat<byte[]>, IFramer<byte[]>
{
    public static RawFormat Instance { get; } = new();

    public bool DeliversCutOff => true;

    public IFramer<byte[]> CreateFramer() => this;

    public bool TryRead(in ReadOnlySequence<byte> buffer, out SequencePosition consumed, out byte[] message)
    {
        (consumed, message) = (buffer.End, buffer.ToArray());
        return !buffer.IsEmpty;
    }

    public byte[] ReadCutOff(in ReadOnlySequence<byte> rest) => rest.ToArray();

    public int Write(IBufferWriter<byte> output, byte[] message)
    {
        output.Write(message);
        return 1;
    }

    public long SizeOf(byte[] message) => message.Length + 32;
}
