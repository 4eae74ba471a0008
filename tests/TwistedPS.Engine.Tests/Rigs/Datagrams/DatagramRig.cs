using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Tests;

/// <summary>A reactor with servers and clients of datagrams, and plain sockets as their peers.</summary>
internal sealed class DatagramRig : IDisposable
{
    private readonly RunningReactor _running;
    private readonly List<IDisposable> _peers = [];

    public DatagramRig(PollerKind poller, TimeProvider? time = null) => _running = new RunningReactor(poller, time);

    public DatagramRig(Reactor reactor) => _running = new RunningReactor(reactor);

    public Reactor Reactor => _running.Reactor;

    public int Interruptions => _running.Interruptions;

    public static Address Loopback(int port = 0) => Address.From(new IPEndPoint(IPAddress.Loopback, port));

    public DatagramServer Serve(IDatagramHandler handler, DatagramOptions? options = null, bool isQueued = false)
    {
        options ??= new DatagramOptions();
        var server = new DatagramServer(Reactor, options with { LocalAddress = options.LocalAddress ?? Loopback() }, handler) { IsQueued = isQueued };
        Do(server.Start);
        return server;
    }

    public DatagramClient Connect(Address remote, IDatagramHandler handler, DatagramOptions? options = null, bool isQueued = false)
    {
        var client = new DatagramClient(Reactor, options ?? new DatagramOptions(), remote, remote.Host, handler) { IsQueued = isQueued };
        Do(client.Start);
        return client;
    }

    /// <summary>Creates a plain socket of UDP, connected to a server if there is one.</summary>
    public Socket Peer(DatagramServer? server = null)
    {
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)Waiting.Limit.TotalMilliseconds };
        _peers.Add(peer);
        peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (server is not null)
            peer.Connect(server.EndPoint!);
        return peer;
    }

    /// <summary>Creates a plain UNIX socket, bound to an abstract name or a path.</summary>
    public Socket UnixPeer(string? path)
    {
        var peer = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = (int)Waiting.Limit.TotalMilliseconds };
        _peers.Add(peer);
        if (path is not null)
            peer.Bind(Address.OfPath(path).EndPoint!);
        return peer;
    }

    public static byte[] Receive(Socket peer)
    {
        var buffer = new byte[70_000];
        return buffer[..peer.Receive(buffer)];
    }

    public static string ReceiveText(Socket peer) => Encoding.UTF8.GetString(Receive(peer));

    public void Do(Action work) => _running.Invoke(work);

    public T Get<T>(Func<T> work) => _running.Invoke(work);

    public void Until(Func<bool> condition) => _running.Until(condition);

    public static void Stop(DatagramService service, TimeSpan drainTime = default) =>
        Assert.True(service.StopAsync(drainTime).Wait(Waiting.Limit));

    public void Dispose()
    {
        _peers.ForEach(peer => peer.Dispose());
        _running.Dispose();
    }
}
