using System.Collections.Concurrent;
using System.Threading.Channels;

namespace TwistedPS.Engine.Streams;

/// <summary>
/// The messages that a client or an inbox has received and nobody has taken yet. The queue is bounded by its size: at the limit the
/// connection is paused, at half of it resumed. Filled on the reactor's thread, emptied on any.
/// </summary>
internal sealed class ReceiveQueue<T>(Func<T, long> sizeOf, Action full, Action drained, long limit = ReceiveQueue<T>.Limit)
{
    private const long Limit = 8 * 1024 * 1024;

    private readonly Channel<T> _messages = Channel.CreateUnbounded<T>();
    private readonly ConcurrentStack<T> _returned = new();
    private long _size;
    private int _isFull;

    public int Count => _messages.Reader.Count + _returned.Count;

    /// <summary>Whether the limit was reached, and the queue has not drained to half of it yet.</summary>
    public bool IsFull => Volatile.Read(ref _isFull) == 1;

    /// <summary>Whether nothing more will come into it.</summary>
    public bool IsComplete { get; private set; }

    public void Add(T message)
    {
        _messages.Writer.TryWrite(message);
        if (Interlocked.Add(ref _size, sizeOf(message)) > limit && Interlocked.Exchange(ref _isFull, 1) == 0)
        {
            full();

            // All may have been taken before the queue was marked as full; nobody would resume it then.
            ResumeIfDrained(Interlocked.Read(ref _size));
        }
    }

    public bool TryDequeue(out T message)
    {
        if (!_returned.TryPop(out message!) && !_messages.Reader.TryRead(out message!))
            return false;
        ResumeIfDrained(Interlocked.Add(ref _size, -sizeOf(message)));
        return true;
    }

    /// <summary>Puts a message back that was taken and not used: it is the next to be taken.</summary>
    public void Return(T message)
    {
        Interlocked.Add(ref _size, sizeOf(message));
        _returned.Push(message);
    }

    /// <returns>False if there is nothing and nothing will come.</returns>
    public ValueTask<bool> WaitAsync(CancellationToken cancel) =>
        _returned.IsEmpty ? _messages.Reader.WaitToReadAsync(cancel) : ValueTask.FromResult(true);

    /// <summary>Marks the queue as complete.</summary>
    public void Complete()
    {
        IsComplete = true;
        _messages.Writer.TryComplete();
    }

    private void ResumeIfDrained(long size)
    {
        if (size < limit / 2 && Interlocked.Exchange(ref _isFull, 0) == 1)
            drained();
    }
}
