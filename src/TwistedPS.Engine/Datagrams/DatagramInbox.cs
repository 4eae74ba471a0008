using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;

namespace TwistedPS.Engine.Datagrams;

/// <summary>
/// Datagrams that have arrived and nobody has received yet, bounded, with the errors among them. Filled on the reactor's
/// thread, emptied on any.
/// </summary>
internal sealed class DatagramInbox
{
    private const long Limit = 8 * 1024 * 1024;

    /// <summary>The bytes that a datagram counts besides its own: an empty one takes memory as well.</summary>
    private const int Overhead = 256;

    private readonly Channel<object> _arrived = Channel.CreateUnbounded<object>();
    private readonly ConcurrentStack<object> _returned = new();
    private long _size;

    /// <summary>The number of datagrams and errors.</summary>
    public int Count => _arrived.Reader.Count + _returned.Count;

    /// <returns>False if there is no room, or the end has come.</returns>
    public bool TryAdd(Datagram datagram) => TryAdd((object)datagram);

    /// <returns>False if there is no room, or the end has come.</returns>
    public bool TryAdd(SocketException error) => TryAdd((object)error);

    /// <returns>A datagram, or an exception; null if there is neither.</returns>
    public object? TryReceive()
    {
        if (!_returned.TryPop(out object? first) && !_arrived.Reader.TryRead(out first))
            return null;
        Interlocked.Add(ref _size, -SizeOf(first));
        return first;
    }

    /// <summary>Puts a datagram or exception back that was received and not used: it is the next to be received.</summary>
    public void Return(object received)
    {
        Interlocked.Add(ref _size, SizeOf(received));
        _returned.Push(received);
    }

    /// <returns>False if there is nothing and nothing can come.</returns>
    public Task<bool> WaitAsync(CancellationToken cancel) =>
        _returned.IsEmpty ? _arrived.Reader.WaitToReadAsync(cancel).AsTask() : Task.FromResult(true);

    public void Complete() => _arrived.Writer.TryComplete();

    private static int SizeOf(object arrived) => Overhead + ((arrived as Datagram)?.Data.Length ?? 0);

    private bool TryAdd(object arrived)
    {
        int size = SizeOf(arrived);
        if (Interlocked.Read(ref _size) + size > Limit)
            return false;
        Interlocked.Add(ref _size, size);
        return _arrived.Writer.TryWrite(arrived);
    }
}
