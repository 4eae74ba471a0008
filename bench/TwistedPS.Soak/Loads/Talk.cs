using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Soak;

/// <summary>A peer's side of a connection, of text with a byte for each character.</summary>
internal sealed class Talk : IDisposable
{
    private const int BufferSize = 65536;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[BufferSize];

    public static async Task<Talk> ConnectAsync(int port, CancellationToken cancel, int receiveBuffer = 0)
    {
        var talk = new Talk();
        try
        {
            if (receiveBuffer > 0)
                talk._socket.ReceiveBufferSize = receiveBuffer;
            await talk._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
            return talk;
        }
        catch
        {
            talk.Dispose();
            throw;
        }
    }

    public Task SendAsync(string text, CancellationToken cancel) => SendAsync(Encoding.Latin1.GetBytes(text), cancel);

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (bytes.Length > 0)
            bytes = bytes[await _socket.SendAsync(bytes, cancel)..];
    }

    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Receives text of a length, or what there is until the end of the stream.</summary>
    public async Task<string> ReceiveAsync(int length, CancellationToken cancel)
    {
        var text = new StringBuilder(length);
        while (text.Length < length)
        {
            int count = await _socket.ReceiveAsync(_buffer.AsMemory(0, Math.Min(BufferSize, length - text.Length)), cancel);
            if (count == 0)
                break;
            text.Append(Encoding.Latin1.GetString(_buffer, 0, count));
        }

        return text.ToString();
    }

    /// <summary>Ends it with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();
}
