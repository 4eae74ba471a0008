namespace TwistedPS.Engine.Loop;

/// <summary>
/// The time that one kind of work may hold a loop before the others get their turn. On the loop's thread only.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class TimeSlice(TimeProvider time)
{
    private const int Milliseconds = 20;

    // It is asked for after each message. The clock of a message costs less than a tenth of it only if it is the coarse one.
    private readonly bool _isSystem = time == TimeProvider.System;
    private long _end;

    public bool IsOver => Now >= _end;

    private long Now => _isSystem ? Environment.TickCount64 : (long)time.GetElapsedTime(0).TotalMilliseconds;

    public void Begin() => _end = Now + Milliseconds;
}
