using System.Text;

namespace TwistedPS;

/// <summary>A connection that carries bytes.</summary>
public sealed class TcpConnection : MessageConnection<byte[]>
{
    private readonly Decoder _decoder;

    internal TcpConnection(Endpoint owner, int number, RawFormat format, Action<Connection, byte[]> arrived)
        : base(owner, number, format, arrived) => _decoder = format.Encoding.GetDecoder();

    /// <summary>
    /// Reads bytes as text. A character that data cut apart is put together: its beginning is kept for the next call. For
    /// one caller at a time.
    /// </summary>
    public string Decode(byte[] data)
    {
        char[] chars = new char[_decoder.GetCharCount(data, 0, data.Length, flush: false)];
        return new string(chars, 0, _decoder.GetChars(data, 0, data.Length, chars, 0, flush: false));
    }
}
