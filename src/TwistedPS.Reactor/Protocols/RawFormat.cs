using System.Buffers;
using System.Text;

namespace TwistedPS;

/// <summary>Bytes as they come: a message is what one read has brought (Twisted's <c>dataReceived</c>).</summary>
internal sealed class RawFormat : IMessageFormat<byte[]>, IFramer<byte[]>
{
    /// <summary>What text is sent and read as.</summary>
    public Encoding Encoding { get; init; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

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
