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
    private long _size;

    /// <summary>The number of datagrams and errors.</summary>
    public int Count => _arrived.Reader.Count;

    /// <returns>False if there is no room, or the end has come.</returns>
    public bool TryAdd(Datagram datagram) => TryAdd(datagram, datagram.Data.Length);

    /// <returns>False if there is no room, or the end has come.</returns>
    public bool TryAdd(SocketException error) => TryAdd(error, 0);

    /// <returns>A datagram, or an exception; null if there is neither.</returns>
    public object? TryReceive()
    {
        if (!_arrived.Reader.TryRead(out object? first))
            return null;
        Interlocked.Add(ref _size, -Overhead - ((first as Datagram)?.Data.Length ?? 0));
        return first;
    }

    /// <returns>False if there is nothing and nothing can come.</returns>
    public Task<bool> WaitAsync(CancellationToken cancel) => _arrived.Reader.WaitToReadAsync(cancel).AsTask();

    public void Complete() => _arrived.Writer.TryComplete();

    private bool TryAdd(object arrived, int length)
    {
        int size = length + Overhead;
        if (Interlocked.Read(ref _size) + size > Limit)
            return false;
        Interlocked.Add(ref _size, size);
        return _arrived.Writer.TryWrite(arrived);
    }
}
