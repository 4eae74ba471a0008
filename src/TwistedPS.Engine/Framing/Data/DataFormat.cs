using System.Buffers;
using System.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>The wire format of byte messages. The defaults are those of the cmdlets.</summary>
internal abstract record DataFormat : IMessageFormat<byte[]>
{
    /// <summary>The encoding of text, sent and received.</summary>
    public Encoding Encoding { get; init; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The longest message received, in bytes (Twisted's <c>MAX_LENGTH</c>).</summary>
    public int MaxMessageLength { get; init; } = 99999;

    public int MaxDataLength => MaxMessageLength;

    public virtual bool DeliversCutOff => false;

    public abstract IFramer<byte[]> CreateFramer();

    public virtual InvalidMessageException? Refuse(byte[] message) => null;

    public abstract int Write(IBufferWriter<byte> output, byte[] message);

    /// <summary>Returns the message that a value is.</summary>
    public virtual byte[] ToMessage(object? value) => RawOutput.Encode(value, Encoding);

    public long SizeOf(byte[] message) => message.Length + 32;

    /// <summary>Returns the error of a message that is too long to be received.</summary>
    private protected MessageTooLongException TooLong() => new(CloseReason.MessageTooLong, MaxMessageLength);
}
