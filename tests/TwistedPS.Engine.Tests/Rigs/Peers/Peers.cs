using System.Text;

namespace TwistedPS.Tests;

internal static class Peers
{
    public static void Send(this IPeer peer, string text) => peer.Send(Encoding.UTF8.GetBytes(text));

    public static string Receive(this IPeer peer, int count) => Encoding.UTF8.GetString(peer.ReceiveBytes(count));

    public static void Expect(this IPeer peer, string text) =>
        Assert.Equal(text, peer.Receive(Encoding.UTF8.GetByteCount(text)));
}
