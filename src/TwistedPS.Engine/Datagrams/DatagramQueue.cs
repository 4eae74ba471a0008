using System.Net;
using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Datagrams;

/// <summary>
/// Datagrams that the system has no room for yet, in order for each receiver, and bounded. One that does not read keeps only
/// its own waiting. On the loop's thread only.
/// </summary>
/// <param name="limit">The limit in bytes.</param>
internal sealed class DatagramQueue(int limit)
{
    /// <summary>The bytes that a datagram counts besides its own: an empty one takes memory as well.</summary>
    private const int Overhead = 128;

    private static readonly SocketAddress s_peer = new(System.Net.Sockets.AddressFamily.Unspecified, 2);

    private readonly LinkedList<(byte[] Data, SocketAddress To)> _waiting = [];
    private readonly Dictionary<SocketAddress, int> _counts = new(SocketAddressComparer.Instance);
    private readonly Signal _room = new();
    private long _size;

    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>Completes when no more than half of the limit is in use. From any thread.</summary>
    public Task Room => _room.Over;

    /// <summary>Whether datagrams for a receiver wait, or for the peer of a connected socket.</summary>
    public bool HasFor(SocketAddress? to) => !IsEmpty && _counts.ContainsKey(to ?? s_peer);

    /// <returns>False if there is no room.</returns>
    public bool TryAdd(ReadOnlySpan<byte> data, SocketAddress? to)
    {
        long size = data.Length + Overhead;
        if (_size + size > limit && !IsEmpty)
            return false;
        SocketAddress receiver = to ?? s_peer;
        _waiting.AddLast((data.ToArray(), receiver));
        _counts[receiver] = _counts.GetValueOrDefault(receiver) + 1;
        _size += size;
        if (_size > limit / 2)
            _room.Reset();
        return true;
    }

    /// <summary>Sends what there is room for.</summary>
    /// <param name="trySend">Sends a datagram; returns false if there is no room.</param>
    public void Send(Func<byte[], SocketAddress?, bool> trySend)
    {
        var full = new HashSet<SocketAddress>(SocketAddressComparer.Instance);
        for (LinkedListNode<(byte[] Data, SocketAddress To)>? node = _waiting.First, next; node is not null; node = next)
        {
            next = node.Next;
            (byte[] data, SocketAddress to) = node.Value;
            if (full.Contains(to))
                continue;
            if (trySend(data, to == s_peer ? null : to))
                Remove(node);
            else
                full.Add(to);
        }
    }

    /// <summary>Forgets everything.</summary>
    /// <returns>The number of datagrams.</returns>
    public int Clear()
    {
        int count = _waiting.Count;
        _waiting.Clear();
        _counts.Clear();
        _size = 0;
        _room.Set();
        return count;
    }

    private void Remove(LinkedListNode<(byte[] Data, SocketAddress To)> node)
    {
        _waiting.Remove(node);
        SocketAddress to = node.Value.To;
        if (--_counts[to] == 0)
            _counts.Remove(to);
        _size -= node.Value.Data.Length + Overhead;
        if (_size <= limit / 2)
            _room.Set();
    }
}
