using System.Text;

namespace TwistedPS.Tests;

internal static class Peers
{
    public static void Send(this IPeer peer, string text) => peer.Send(Encoding.UTF8.GetBytes(text));

    public static void Expect(this IPeer peer, string text) =>
        Assert.Equal(text, peer.Receive(Encoding.UTF8.GetByteCount(text)));
}
