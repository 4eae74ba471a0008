using System.Buffers;
using System.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>
/// How messages made of bytes travel. It remembers nothing of a stream, so it is the framer of all connections as well.
/// The defaults are those of the cmdlets.
/// </summary>
internal abstract record DataFormat : IMessageFormat<byte[]>, IFramer<byte[]>
{
    /// <summary>What text is sent and read as.</summary>
    public Encoding Encoding { get; init; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The longest message received, in bytes (Twisted's <c>MAX_LENGTH</c>).</summary>
    public int MaxMessageLength { get; init; } = 99999;

    public virtual bool DeliversCutOff => false;

    public static DataFormat Of(DataFraming framing) => framing switch
    {
        DataFraming.Netstring => new NetstringFormat(),
        DataFraming.Length8 => new LengthFormat(1),
        DataFraming.Length16 => new LengthFormat(2),
        DataFraming.Length32 => new LengthFormat(4),
        _ => new RawFormat(),
    };

    public IFramer<byte[]> CreateFramer() => this;

    public abstract bool TryRead(in ReadOnlySequence<byte> buffer, out SequencePosition consumed, out byte[] message);

    public byte[] ReadCutOff(in ReadOnlySequence<byte> rest) => rest.ToArray();

    public virtual void Check(byte[] message)
    {
    }

    public abstract int Write(IBufferWriter<byte> output, byte[] message);

    public long SizeOf(byte[] message) => message.Length + 32;

    /// <summary>What a framer returns while a message isn't whole.</summary>
    private protected static bool Unfinished(in ReadOnlySequence<byte> buffer, out SequencePosition consumed, out byte[] message)
    {
        (consumed, message) = (buffer.Start, []);
        return false;
    }
}
