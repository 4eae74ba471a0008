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
    /// <param name="server">The server.</param>
    /// <param name="count">The number of connections.</param>
    /// <param name="script">What the server replies to, and its greeting; null for one that echoes any line.</param>
    public static List<Socket> Open(ServerProcess server, int count, Script? script = null)
    {
        byte[] hello = script is null ? Script.Encode("HELLO", isFramed: false) : script.Requests(0, 1).ToArray();
        byte[] reply = script is null ? hello : [.. script.Greeting, .. script.Replies[..script.ReplyStart(1)]];
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
        byte[] buffer = new byte[reply.Length];
        int filled = 0;
        while (filled < reply.Length)
            filled += Receive(socket, buffer.AsSpan(filled));
        if (!reply.SequenceEqual(buffer))
            throw new WrongReplyException($"The first line was answered by '{Encoding.Latin1.GetString(buffer)}'");
    }
}
