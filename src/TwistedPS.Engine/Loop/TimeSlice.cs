namespace TwistedPS.Engine.Loop;

/// <summary>
/// The time that one kind of work may hold a loop before the others get their turn. On the loop's thread only.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class TimeSlice(TimeProvider time)
{
    private const int Milliseconds = 20;

    /// <summary>The number of messages after which the clock is not read, while it seems to stand still.</summary>
    private const int MostUnseen = 3;

    // To read the coarse clock takes a fifth of the time that the precise one takes.
    private readonly bool _isSystem = time == TimeProvider.System;
    private long _now;
    private long _end;
    private int _unseen;

    public bool IsOver => ReadClock() >= _end;

    public void Begin() => (_end, _unseen) = (ReadClock() + Milliseconds, 0);

    /// <summary>Returns whether it is over after a message, which may be so short that reading the clock would cost more.</summary>
    public bool IsOverAfterMessage()
    {
        if (_unseen > 0)
        {
            _unseen--;
            return false;
        }

        long before = _now;
        bool isOver = IsOver;
        _unseen = _now == before ? MostUnseen : 0;
        return isOver;
    }

    private long ReadClock() => _now = _isSystem ? Environment.TickCount64 : (long)time.GetElapsedTime(0).TotalMilliseconds;
}
