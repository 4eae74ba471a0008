using System.Buffers.Binary;
using System.Text;

namespace TwistedPS.Tests;

/// <summary>The frames of WebSockets, made and read by hand.</summary>
internal static class Frames
{
    public const byte Continuation = 0;
    public const byte Text = 1;
    public const byte Binary = 2;
    public const byte Close = 8;
    public const byte Ping = 9;
    public const byte Pong = 10;

    private const byte Fin = 0x80;
    private const byte Masked = 0x80;
    private static readonly byte[] s_mask = [0x11, 0x22, 0x44, 0x88];

    /// <summary>Sends a frame as a client does it.</summary>
    public static void SendFrame(this SocketPeer peer, byte opcode, byte[] payload, bool isLast = true, byte reserved = 0)
    {
        byte[] length = payload.Length switch
        {
            < 126 => [(byte)(Masked | payload.Length)],
            <= ushort.MaxValue => [Masked | 126, (byte)(payload.Length >> 8), (byte)payload.Length],
            _ => [Masked | 127, 0, 0, 0, 0, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length],
        };
        byte[] masked = [.. payload.Select((value, at) => (byte)(value ^ s_mask[at % s_mask.Length]))];
        peer.Send([(byte)((isLast ? Fin : 0) | reserved | opcode), .. length, .. s_mask, .. masked]);
    }

    public static void SendText(this SocketPeer peer, string text, byte opcode = Text, bool isLast = true) =>
        peer.SendFrame(opcode, Encoding.UTF8.GetBytes(text), isLast);

    /// <summary>Receives a frame, which a server sends whole and without a mask.</summary>
    public static (byte Opcode, byte[] Payload) ReceiveFrame(this SocketPeer peer)
    {
        byte[] head = peer.ReceiveBytes(2);
        Assert.Equal(Fin, head[0] & 0xF0);
        int length = head[1] switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(peer.ReceiveBytes(2)),
            127 => (int)BinaryPrimitives.ReadUInt64BigEndian(peer.ReceiveBytes(8)),
            _ => head[1],
        };
        return ((byte)(head[0] & 0x0F), peer.ReceiveBytes(length));
    }

    public static string ReceiveText(this SocketPeer peer)
    {
        (byte opcode, byte[] payload) = peer.ReceiveFrame();
        Assert.Equal(Text, opcode);
        return Encoding.UTF8.GetString(payload);
    }

    /// <summary>Receives the code of a close, answers it, and waits for the end.</summary>
    public static int ReceiveClose(this SocketPeer peer)
    {
        (byte opcode, byte[] payload) = peer.ReceiveFrame();
        Assert.Equal(Close, opcode);
        peer.SendFrame(Close, payload);
        Assert.Equal("", peer.ReceiveToEnd());
        return BinaryPrimitives.ReadUInt16BigEndian(payload);
    }

    /// <summary>Receives the head of an answer, up to its empty line.</summary>
    public static string ReceiveHead(this SocketPeer peer)
    {
        string head = "";
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head += peer.Receive(1);
        return head;
    }
}
