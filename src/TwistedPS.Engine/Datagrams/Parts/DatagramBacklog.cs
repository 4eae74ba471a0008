using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace TwistedPS.Engine.Datagrams;

/// <summary>Datagrams on their way to one of several reactors, in order and bounded. Added on one thread, removed on another.</summary>
internal sealed class DatagramBacklog
{
    private const long Limit = 1024 * 1024;

    /// <summary>The bytes that a datagram counts besides its own: an empty one takes memory as well.</summary>
    private const int Overhead = 256;

    private readonly ConcurrentQueue<(DatagramPeer Peer, byte[] Data)> _waiting = new();
    private long _size;

    public bool IsEmpty => _waiting.IsEmpty;

    public int Count => _waiting.Count;

    /// <summary>Copies a datagram, if there is room for it.</summary>
    public bool TryAdd(DatagramPeer peer, ReadOnlySpan<byte> data)
    {
        int size = data.Length + Overhead;
        if (Interlocked.Read(ref _size) + size > Limit)
            return false;
        Interlocked.Add(ref _size, size);
        _waiting.Enqueue((peer, data.ToArray()));
        return true;
    }

    public bool TryRemove([NotNullWhen(true)] out DatagramPeer? peer, [NotNullWhen(true)] out byte[]? data)
    {
        bool isThere = _waiting.TryDequeue(out (DatagramPeer Peer, byte[] Data) next);
        (peer, data) = next;
        if (isThere)
            Interlocked.Add(ref _size, -next.Data.Length - Overhead);
        return isThere;
    }
}
