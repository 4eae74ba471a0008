using System.Text;
using TwistedPS.Engine.Framing;

namespace TwistedPS;

/// <summary>A connection that carries bytes.</summary>
public sealed class DataConnection : MessageConnection<byte[]>
{
    private readonly Decoder _decoder;

    internal DataConnection(NetworkService owner, int number, DataFormat format, Action<Connection, byte[]> arrived)
        : base(owner, number, format, arrived) => _decoder = format.Encoding.GetDecoder();

    /// <summary>
    /// Sends a value as a message, as <see cref="MessageConnection{TMessage}.Send"/> does: bytes as they are, anything else as
    /// its text, or with <c>-Framing Json</c> as JSON.
    /// </summary>
    /// <exception cref="NotConnectedException">The connection is closed or closing.</exception>
    /// <exception cref="InvalidMessageException">The framing can't carry the message.</exception>
    public void Send(object? value) => base.Send(value as byte[] ?? ((DataFormat)Format).ToMessage(value));

    /// <summary>
    /// Decodes bytes as text. A character split between calls is put together: its beginning is kept for the next call. For
    /// one caller at a time.
    /// </summary>
    /// <param name="data">The bytes.</param>
    /// <param name="isLast">Whether nothing more will come: a character that is not whole becomes U+FFFD.</param>
    public string Decode(byte[] data, bool isLast = false)
    {
        char[] chars = new char[_decoder.GetCharCount(data, 0, data.Length, isLast)];
        return new string(chars, 0, _decoder.GetChars(data, 0, data.Length, chars, 0, isLast));
    }
}
