using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Tests;

/// <summary>A peer on a blocking socket.</summary>
internal sealed class SocketPeer : IPeer
{
    public SocketPeer(EndPoint server)
        : this(new Socket(server.AddressFamily, SocketType.Stream, server is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified)) =>
        Socket.Connect(server);

    public SocketPeer(Socket socket)
    {
        Socket = socket;
        Socket.ReceiveTimeout = Socket.SendTimeout = (int)Waiting.Limit.TotalMilliseconds;
        if (socket.ProtocolType == ProtocolType.Tcp)
            Socket.NoDelay = true;
    }

    public Socket Socket { get; }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[Socket.Send(bytes)..];
    }

    public byte[] ReceiveBytes(int count)
    {
        var received = new byte[count];
        int have = 0;
        while (have < count)
        {
            int read = Socket.Receive(received.AsSpan(have));
            Assert.True(read > 0, $"The end came after {have} of {count} bytes.");
            have += read;
        }

        return received;
    }

    public string ReceiveToEnd()
    {
        var received = new ArrayBufferWriter<byte>();
        int read;
        while ((read = Socket.Receive(received.GetSpan(65536))) > 0)
            received.Advance(read);
        return Encoding.UTF8.GetString(received.WrittenSpan);
    }

    /// <summary>Receives until the end or the loss of the connection.</summary>
    public string ReceiveToReset()
    {
        var received = new ArrayBufferWriter<byte>();
        int read;
        do
        {
            read = Socket.Receive(received.GetSpan(65536), SocketFlags.None, out _);
            received.Advance(read);
        }
        while (read > 0);
        return Encoding.UTF8.GetString(received.WrittenSpan);
    }

    /// <summary>Receives until the end.</summary>
    /// <returns>The number of bytes.</returns>
    public long CountToEnd()
    {
        var buffer = new byte[65536];
        long count = 0;
        int read;
        while ((read = Socket.Receive(buffer)) > 0)
            count += read;
        return count;
    }

    public void HalfClose() => Socket.Shutdown(SocketShutdown.Send);

    public void Close() => Socket.Close();

    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Close();
    }

    public void Dispose() => Socket.Dispose();
}
