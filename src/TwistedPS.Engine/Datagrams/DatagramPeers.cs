using System.Net;

namespace TwistedPS.Engine.Datagrams;

/// <summary>The senders seen lately, so that one of many datagrams costs no objects. On the thread of the loop that
/// receives only.</summary>
/// <param name="owner">The server or client that receives from them.</param>
internal sealed class DatagramPeers(DatagramService owner)
{
    private const int Most = 4096;

    private readonly Dictionary<SocketAddress, DatagramPeer> _known = new(SocketAddressComparer.Instance);
    private DatagramPeer? _last;

    /// <summary>Returns the peer with an address.</summary>
    public DatagramPeer Find(SocketAddress address)
    {
        if (_last is not null && SocketAddressComparer.Instance.Equals(_last.SocketAddress, address))
            return _last;
        if (_known.TryGetValue(address, out DatagramPeer? known))
            return _last = known;
        if (_known.Count == Most)
            _known.Clear();
        SocketAddress copy = Copy(address);
        known = new DatagramPeer(owner.PartFor(copy), copy, DatagramAddresses.From(copy));
        _known.Add(copy, known);
        return _last = known;
    }

    private static SocketAddress Copy(SocketAddress address)
    {
        var copy = new SocketAddress(address.Family, address.Size);
        address.Buffer.Span[..address.Size].CopyTo(copy.Buffer.Span);
        return copy;
    }
}
