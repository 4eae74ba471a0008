using System.Buffers;
using System.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>
/// The wire format of byte messages. It keeps no state of a stream, so it also serves as the framer of all connections. The
/// defaults are those of the cmdlets.
/// </summary>
internal abstract record DataFormat : IMessageFormat<byte[]>, IFramer<byte[]>
{
    /// <summary>The encoding of text, sent and received.</summary>
    public Encoding Encoding { get; init; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The longest message received, in bytes (Twisted's <c>MAX_LENGTH</c>).</summary>
    public int MaxMessageLength { get; init; } = 99999;

    public int MaxDataLength => MaxMessageLength;

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

    public virtual InvalidMessageException? Refuse(byte[] message) => null;

    public abstract int Write(IBufferWriter<byte> output, byte[] message);

    public long SizeOf(byte[] message) => message.Length + 32;

    /// <summary>Returns a framer's result for a message that isn't whole.</summary>
    private protected static bool Unfinished(in ReadOnlySequence<byte> buffer, out SequencePosition consumed, out byte[] message)
    {
        (consumed, message) = (buffer.Start, []);
        return false;
    }
}
