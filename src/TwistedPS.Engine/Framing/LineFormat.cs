using System.Buffers;
using System.Text;

namespace TwistedPS.Engine.Framing;

/// <summary>The wire format of lines of text. The defaults are those of the cmdlets.</summary>
internal sealed class LineFormat : IMessageFormat<string>
{
    private LineWriter? _writer;

    public LineDelimiter Delimiter { get; init; } = LineDelimiter.Auto;

    public Encoding Encoding { get; init; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The longest line received, in bytes without its delimiter (<c>LineReceiver.MAX_LENGTH</c>).</summary>
    public int MaxLineLength { get; init; } = 16384;

    /// <summary>The most bytes that may be read in place of a line.</summary>
    public int MaxDataLength { get; init; } = 1024 * 1024;

    /// <summary>Whether text without a delimiter at the end of the stream is delivered as a line.</summary>
    public bool DeliversCutOff { get; init; }

    public IFramer<string> CreateFramer() => new LineFramer(Delimiter, Encoding, MaxLineLength, mayBeTelnet: true);

    public InvalidMessageException? Refuse(string message) => Writer.Refuse(message);

    public int Write(IBufferWriter<byte> output, string message) => Writer.Write(output, message);

    public long SizeOf(string message) => (sizeof(char) * (long)message.Length) + 32;

    private LineWriter Writer => _writer ??= new LineWriter(Delimiter, Encoding);
}
