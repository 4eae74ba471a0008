namespace TwistedPS.Engine.Services;

/// <summary>The last errors of a service's handlers, and the number of all. Thread-safe.</summary>
internal sealed class HandlerErrors
{
    private const int Capacity = 100;

    private readonly LinkedList<HandlerError> _newestFirst = [];
    private long _count;

    public long Count => Volatile.Read(ref _count);

    public HandlerError[] NewestFirst
    {
        get
        {
            lock (_newestFirst)
                return [.. _newestFirst];
        }
    }

    public void Add(HandlerError error)
    {
        lock (_newestFirst)
        {
            _count++;
            _newestFirst.AddFirst(error);
            if (_newestFirst.Count > Capacity)
                _newestFirst.RemoveLast();
        }
    }
}
