using System.Net;
using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Datagrams;

/// <summary>
/// Datagrams that the system has no room for yet, in order for each receiver, and bounded. One that does not read keeps only
/// its own waiting. Thread-safe.
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
    private int _count;

    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>Completes when no more than half of the limit is in use.</summary>
    public Task Room => _room.Over;

    /// <summary>Whether datagrams for a receiver wait, or for the peer of a connected socket.</summary>
    public bool HasFor(SocketAddress? to)
    {
        if (IsEmpty)
            return false;
        lock (_waiting)
            return _counts.ContainsKey(to ?? s_peer);
    }

    /// <returns>False if there is no room.</returns>
    public bool TryAdd(ReadOnlySpan<byte> data, SocketAddress? to)
    {
        long size = data.Length + Overhead;
        SocketAddress receiver = to ?? s_peer;
        lock (_waiting)
        {
            if (_size + size > limit && !IsEmpty)
                return false;
            _waiting.AddLast((data.ToArray(), receiver));
            _counts[receiver] = _counts.GetValueOrDefault(receiver) + 1;
            Resize(size);
            return true;
        }
    }

    /// <summary>Sends what there is room for.</summary>
    /// <param name="trySend">Sends a datagram; returns false if there is no room.</param>
    public void Send(Func<byte[], SocketAddress?, bool> trySend)
    {
        // Held all the while: what is sent on other threads meanwhile must not overtake what waits for the same receiver.
        lock (_waiting)
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
    }

    /// <summary>Forgets everything.</summary>
    /// <returns>The number of datagrams.</returns>
    public int Clear()
    {
        lock (_waiting)
        {
            int count = _waiting.Count;
            _waiting.Clear();
            _counts.Clear();
            Resize(-_size);
            return count;
        }
    }

    private void Remove(LinkedListNode<(byte[] Data, SocketAddress To)> node)
    {
        _waiting.Remove(node);
        SocketAddress to = node.Value.To;
        if (--_counts[to] == 0)
            _counts.Remove(to);
        Resize(-node.Value.Data.Length - Overhead);
    }

    private void Resize(long difference)
    {
        _size += difference;
        Volatile.Write(ref _count, _waiting.Count);
        if (_size > limit / 2)
            _room.Reset();
        else
            _room.Set();
    }
}
