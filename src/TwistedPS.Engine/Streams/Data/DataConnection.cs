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
