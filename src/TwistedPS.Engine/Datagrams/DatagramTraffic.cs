using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Datagrams;

/// <summary>The counts of a datagram socket. Thread-safe.</summary>
/// <param name="log">The log of the socket.</param>
internal sealed class DatagramTraffic(ReactorLog log)
{
    private long _in;
    private long _out;
    private long _bytesIn;
    private long _bytesOut;
    private long _dropped;
    private string? _lastDrop;

    public long In => Volatile.Read(ref _in);

    public long Out => Volatile.Read(ref _out);

    public long BytesIn => Volatile.Read(ref _bytesIn);

    public long BytesOut => Volatile.Read(ref _bytesOut);

    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Counts a datagram that has arrived. On the thread of the loop that receives only.</summary>
    public void Received(int length)
    {
        Volatile.Write(ref _in, _in + 1);
        Volatile.Write(ref _bytesIn, _bytesIn + length);
    }

    public void Sent(int length)
    {
        Interlocked.Increment(ref _out);
        Interlocked.Add(ref _bytesOut, length);
    }

    /// <summary>Counts a datagram that is lost on this side. The log says why when that changes.</summary>
    public void Drop(string why)
    {
        Drop(1);
        if (Interlocked.Exchange(ref _lastDrop, why) != why)
            log.Add(LogLevel.Warning, $"{why}. Datagrams are dropped; further ones are only counted.");
    }

    public void Drop(int count) => Interlocked.Add(ref _dropped, count);
}
