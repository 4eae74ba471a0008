using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Bench;

/// <summary>Helpers to open connections, which block where they have to.</summary>
internal static class Connecting
{
    private const int AtATime = 16;

    public static Socket Connect(EndPoint endPoint)
    {
        bool isTcp = endPoint is IPEndPoint;
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, isTcp ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            if (isTcp)
                socket.NoDelay = true;
            socket.Connect(endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens connections, a few at a time, since servers have short accept queues. Each sends one line, whose reply proves
    /// that the server has accepted it.
    /// </summary>
    public static List<Socket> Open(ServerProcess server, int count)
    {
        byte[] hello = Script.Encode("HELLO", isFramed: server.Handler == Handler.Framed);
        byte[] reply = server.Handler == Handler.Work ? "ERR unknown command\r\n"u8.ToArray() : hello;
        var sockets = new List<Socket>(count);
        while (sockets.Count < count)
        {
            int first = sockets.Count;
            for (int i = first; i < Math.Min(first + AtATime, count); i++)
            {
                sockets.Add(Connect(server.EndPoint));
                sockets[i].Send(hello);
            }

            for (int i = first; i < sockets.Count; i++)
                Expect(sockets[i], reply);
        }

        return sockets;
    }

    /// <exception cref="IOException">The stream has ended.</exception>
    public static int Receive(Socket socket, Span<byte> buffer)
    {
        int count = socket.Receive(buffer);
        return count > 0 ? count : throw new IOException("The server has closed a connection.");
    }

    private static void Expect(Socket socket, ReadOnlySpan<byte> reply)
    {
        Span<byte> buffer = stackalloc byte[64];
        int filled = 0;
        while (filled < reply.Length)
            filled += Receive(socket, buffer[filled..]);
        if (!buffer[..filled].SequenceEqual(reply))
            throw new WrongReplyException($"HELLO was answered by '{Encoding.Latin1.GetString(buffer[..filled])}'");
    }
}
