using System.Threading.Channels;

namespace TwistedPS;

/// <summary>
/// Lines that wait for somebody to ask for them. It is bounded by their size: at the limit the connection is paused, at
/// half of it resumed. Filled on the reactor's thread, emptied on any.
/// </summary>
internal sealed class ReceiveQueue(Action full, Action drained)
{
    private const long Limit = 4 * 1024 * 1024;
    private const int Overhead = 32;

    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private long _size;
    private int _isFull;

    public int Count => _lines.Reader.Count;

    /// <summary>Whether the limit was reached and half of it not yet read.</summary>
    public bool IsFull => Volatile.Read(ref _isFull) == 1;

    public void Add(string line)
    {
        _lines.Writer.TryWrite(line);
        if (Interlocked.Add(ref _size, line.Length + Overhead) > Limit && Interlocked.Exchange(ref _isFull, 1) == 0)
        {
            full();

            // All may have been taken before the queue was marked as full; nobody would resume it then.
            ResumeIfDrained(Interlocked.Read(ref _size));
        }
    }

    public bool TryTake(out string line)
    {
        if (!_lines.Reader.TryRead(out line!))
            return false;
        ResumeIfDrained(Interlocked.Add(ref _size, -line.Length - Overhead));
        return true;
    }

    /// <returns>False when there is nothing and nothing will come.</returns>
    public ValueTask<bool> WaitAsync(CancellationToken cancel) => _lines.Reader.WaitToReadAsync(cancel);

    /// <summary>Says that no more lines will come.</summary>
    public void Complete() => _lines.Writer.TryComplete();

    private void ResumeIfDrained(long size)
    {
        if (size < Limit / 2 && Interlocked.Exchange(ref _isFull, 0) == 1)
            drained();
    }
}
