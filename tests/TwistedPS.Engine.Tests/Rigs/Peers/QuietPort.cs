using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Tests;

/// <summary>A port that refuses connections until it is opened.</summary>
internal sealed class QuietPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public QuietPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public int Number => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Open() => _socket.Listen();

    public async Task<SocketPeer> AcceptAsync() => new(await _socket.AcceptAsync().Soon());

    public void Dispose() => _socket.Dispose();
}
