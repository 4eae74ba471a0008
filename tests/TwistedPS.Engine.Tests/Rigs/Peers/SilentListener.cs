using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Tests;

/// <summary>A silent port: the system completes connections, or none if its queue is full, and no data follows.</summary>
internal sealed class SilentListener : IDisposable
{
    private const int Backlog = 1;

    private readonly List<Socket> _sockets = [];

    public SilentListener(bool accepts = false)
    {
        Socket listener = NewSocket();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(accepts ? 50 : Backlog);
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        for (int i = 0; !accepts && i <= Backlog; i++)
            NewSocket().Connect(listener.LocalEndPoint);
        for (int i = 0; !accepts && i < 10; i++)
            _ = NewSocket().ConnectAsync(listener.LocalEndPoint).ContinueWith(task => task.Exception, TaskScheduler.Default);
    }

    public int Port { get; }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private Socket NewSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        return socket;
    }
}
