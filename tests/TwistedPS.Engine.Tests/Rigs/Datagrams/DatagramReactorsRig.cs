using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Tests;

/// <summary>A server of datagrams on several running reactors, each with a handler of its own, and peers over any carrier.</summary>
internal sealed class DatagramReactorsRig : IDisposable
{
    private readonly Carrier _carrier;
    private readonly RunningReactor _first;
    private readonly FurtherReactors _further;
    private readonly List<Socket> _sockets = [];

    /// <param name="carrier">The carrier of the datagrams.</param>
    /// <param name="count">The number of reactors.</param>
    /// <param name="onDatagram">What the handler of a reactor does with each datagram; an answer with the same by default.</param>
    /// <param name="local">The address to receive on; one of IPv4, or a new name of a UNIX socket, by default.</param>
    public DatagramReactorsRig(Carrier carrier, int count, Action<int, DatagramPeer, string>? onDatagram = null, Address? local = null)
    {
        _carrier = carrier;
        PollerKind poller = carrier is Carrier.Pool or Carrier.UnixPool ? PollerKind.Pool : PollerKind.Auto;
        (_first, _further) = (new RunningReactor(poller), new FurtherReactors(poller, count - 1));
        Handlers = [.. Enumerable.Range(0, count).Select(i => new RecordingDatagramHandler
        {
            OnDatagram = (peer, data) => (onDatagram ?? Echo)(i, peer, Encoding.UTF8.GetString(data)),
        })];
        local ??= carrier is Carrier.Unix or Carrier.UnixPool ? NewName() : DatagramRig.Loopback();
        Server = new DatagramServer(_first.Reactor, new DatagramOptions { LocalAddress = local }, Handlers[0]);
        foreach ((Reactor reactor, RecordingDatagramHandler handler) in Further.Zip(Handlers.Skip(1)))
            Server.AddReactor(reactor, handler);
        _first.Invoke(carrier == Carrier.Memory ? Server.StartInMemory : Server.Start);
    }

    public DatagramServer Server { get; }

    public RecordingDatagramHandler[] Handlers { get; }

    public Reactor First => _first.Reactor;

    /// <summary>The reactors besides the first.</summary>
    public Reactor[] Further => _further.All;

    public static void Echo(int reactor, DatagramPeer peer, string text) => peer.Owner.Output.Answer(Encoding.UTF8.GetBytes(text), peer);

    public TestDatagrams Connect() => _carrier == Carrier.Memory ? ConnectInMemory() : Connect(NewSocket());

    /// <summary>Returns a peer whose datagrams a certain reactor handles.</summary>
    public TestDatagrams ConnectTo(int reactor)
    {
        while (true)
        {
            TestDatagrams peer = Connect();
            if (Server.PartFor(peer.Address) == Part(reactor))
                return peer;
        }
    }

    public DatagramPart Part(int reactor) =>
        Enumerable.Range(1, int.MaxValue).Select(Of).First(part => part.Handler == Handlers[reactor]);

    /// <summary>Does something on the first reactor's thread.</summary>
    public void Do(Action work) => _first.Invoke(work);

    public Task StopAsync(TimeSpan drainTime) => Server.StopAsync(drainTime);

    /// <summary>Ends the first reactor, and all that is on it.</summary>
    public void EndFirst() => _first.Dispose();

    /// <summary>Waits for the end of the further reactors, which is that of the server.</summary>
    public void Ended() => _further.Ended();

    public void Dispose()
    {
        Assert.True(Server.StopAsync(TimeSpan.Zero).Wait(Waiting.Limit), "The server did not stop.");
        Ended();
        _sockets.ForEach(socket => socket.Dispose());
        _first.Dispose();
    }

    private static Address NewName() => Address.OfPath($"@twistedps-test-{Guid.NewGuid():N}");

    private DatagramPart Of(int number) => Server.PartFor(new IPEndPoint(IPAddress.Loopback, number).Serialize());

    private Socket NewSocket()
    {
        AddressFamily family = Server.EndPoint!.AddressFamily;
        var socket = new Socket(family, SocketType.Dgram, family == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Udp);
        _sockets.Add(socket);
        socket.Bind(family switch
        {
            AddressFamily.Unix => NewName().EndPoint!,
            AddressFamily.InterNetworkV6 => new IPEndPoint(IPAddress.IPv6Loopback, 0),
            _ => new IPEndPoint(IPAddress.Loopback, 0),
        });
        return socket;
    }

    private TestDatagrams Connect(Socket socket)
    {
        socket.ReceiveTimeout = (int)Waiting.Limit.TotalMilliseconds;
        socket.Connect(Server.EndPoint!);
        return new TestDatagrams(socket.LocalEndPoint!.Serialize(), data => socket.Send(data), () => DatagramRig.Receive(socket));
    }

    private TestDatagrams ConnectInMemory()
    {
        var client = new DatagramClient(First, new DatagramOptions(), Address.Memory, "memory", new RecordingDatagramHandler()) { IsQueued = true };
        var end = (MemoryDatagrams)Server.Output.Carrier!;
        _first.Invoke(() => client.StartInMemory(end.Memory, null));
        return new TestDatagrams(((IPEndPoint)client.EndPoint!).Serialize(), client.Send, () =>
        {
            Assert.True(client.Inbox.WaitAsync(default).Wait(Waiting.Limit), "Nothing came.");
            return ((Datagram)client.Inbox.TryReceive()!).Data;
        });
    }
}
