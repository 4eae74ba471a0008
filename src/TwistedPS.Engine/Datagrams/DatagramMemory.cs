using System.Net;
using System.Net.Sockets;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Datagrams;

/// <summary>A server of datagrams and its peers within the process. On the loop's thread only.</summary>
/// <param name="loop">The loop of all of them.</param>
internal sealed class DatagramMemory(EventLoop loop)
{
    private const int FirstPort = 49152;

    private static readonly IPEndPoint s_server = new(IPAddress.Loopback, 0);

    private readonly Dictionary<SocketAddress, MemoryDatagrams> _ends = new(SocketAddressComparer.Instance);
    private int _nextPort = FirstPort;

    public MemoryDatagrams OpenServer(IDatagramReceiver owner) => Add(new MemoryDatagrams(loop, this, owner, s_server, null));

    /// <param name="owner">The client.</param>
    /// <param name="from">The address that the server sees; null for one of its own.</param>
    /// <exception cref="SocketException">Another client has this address.</exception>
    public MemoryDatagrams OpenClient(IDatagramReceiver owner, IPEndPoint? from) =>
        Add(new MemoryDatagrams(loop, this, owner, from ?? new IPEndPoint(IPAddress.Loopback, _nextPort++), s_server));

    public MemoryDatagrams? Find(SocketAddress address) => _ends.GetValueOrDefault(address);

    public void Remove(SocketAddress address) => _ends.Remove(address);

    private MemoryDatagrams Add(MemoryDatagrams end) =>
        _ends.TryAdd(end.Local, end) ? end : throw new SocketException((int)SocketError.AddressAlreadyInUse);
}
