using System.Text;

namespace TwistedPS.Tests;

internal static class Peers
{
    public static void Send(this IPeer peer, string text) => peer.Send(Encoding.UTF8.GetBytes(text));

    public static string Receive(this IPeer peer, int count) => Encoding.UTF8.GetString(peer.ReceiveBytes(count));

    public static void Expect(this IPeer peer, string text) =>
        Assert.Equal(text, peer.Receive(Encoding.UTF8.GetByteCount(text)));

    /// <summary>Receives the head of an HTTP answer, and checks its beginning and some of its lines.</summary>
    public static string ExpectHead(this IPeer peer, string beginning, params string[] lines)
    {
        string head = "";
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head += peer.Receive(1);
        Assert.StartsWith(beginning, head);
        Assert.All(lines, line => Assert.Contains($"\r\n{line}\r\n", head));
        return head;
    }
}
