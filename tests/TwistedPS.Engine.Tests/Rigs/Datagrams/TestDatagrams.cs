using System.Net;
using System.Text;

namespace TwistedPS.Tests;

/// <summary>A peer of a server of datagrams, over a socket or memory.</summary>
/// <param name="address">The address that the server sees.</param>
/// <param name="send">Sends the server a datagram.</param>
/// <param name="receive">Waits for a datagram of the server.</param>
internal sealed class TestDatagrams(SocketAddress address, Action<byte[]> send, Func<byte[]> receive)
{
    public SocketAddress Address => address;

    public string Name => $"{DatagramAddresses.From(address)}";

    public void Send(string text) => send(Encoding.UTF8.GetBytes(text));

    public string Receive() => Encoding.UTF8.GetString(receive());
}
