using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Policies;

/// <summary>
/// The bytes that may pass in a second, for one or for many who share them. What nobody uses is kept for a fifth of a second
/// and then lost, so there are no large bursts. Who finds none waits in line for the next round, in which all get equal
/// shares, also those of other loops. From any thread; shares are called on their own.
/// </summary>
/// <param name="loop">The loop of its clock.</param>
/// <param name="bytesPerSecond">The rate; 1 or more.</param>
internal sealed class ByteBudget(EventLoop loop, int bytesPerSecond)
{
    private const int RoundsPerSecond = 20;
    private const int KeptPerSecond = 5;

    private readonly object _lock = new();
    private readonly Queue<BudgetShare> _waiting = new();

    // Bytes times ticks of a second: whole numbers, so that nothing is lost to rounding.
    private readonly long _ticksPerSecond = loop.TimeProvider.TimestampFrequency;
    private long _credit = Kept(bytesPerSecond) * loop.TimeProvider.TimestampFrequency;
    private long _creditedAt = loop.Now;
    private DelayedCall? _next;
    private bool _isGivingOut;

    private int PerRound => Math.Max(bytesPerSecond / RoundsPerSecond, 1);

    /// <summary>Returns the number of bytes that a share may use now; if there are none, it waits for the next round.</summary>
    public int AvailableTo(BudgetShare share)
    {
        if (share.IsWaiting)
            return 0;
        lock (_lock)
        {
            int available = Available();
            if (share.Left > 0)
                available = Math.Min(available, share.Left);
            else if (_waiting.Count > 0)
                available = 0;
            if (available > 0)
                return available;
            Wait(share);
            return 0;
        }
    }

    /// <summary>Notes that bytes were used.</summary>
    public void Spend(int bytes)
    {
        lock (_lock)
            _credit -= bytes * _ticksPerSecond;
    }

    private static long Kept(int bytesPerSecond) => Math.Max(bytesPerSecond / KeptPerSecond, 2);

    private int Available()
    {
        long now = loop.Now;
        long elapsed = Math.Min(now - _creditedAt, _ticksPerSecond);
        _creditedAt = now;
        _credit = Math.Min(_credit + (elapsed * bytesPerSecond), Kept(bytesPerSecond) * _ticksPerSecond);
        return (int)Math.Max(_credit / _ticksPerSecond, 0);
    }

    private void Wait(BudgetShare share)
    {
        share.IsWaiting = true;
        _waiting.Enqueue(share);
        if (_isGivingOut)
            return;
        if (share.Loop == loop)
            PlanRound();
        else
            loop.Post(PlanRoundLater);
    }

    private void PlanRoundLater()
    {
        lock (_lock)
            PlanRound();
    }

    private void PlanRound()
    {
        if (_next is { IsActive: true } || _waiting.Count == 0)
            return;

        // Whole milliseconds, since no loop wakes up more precisely, and rounded up: a round without a byte would be for nothing.
        long ticks = Math.Max((PerRound * _ticksPerSecond) - _credit, 0) / bytesPerSecond;
        _next = loop.CallLater(TimeSpan.FromMilliseconds((ticks * 1000 / _ticksPerSecond) + 1), GiveOut);
    }

    private void GiveOut()
    {
        (int count, int bytes) = BeginRound();

        // Those who still wait keep their places: who has used its part gets no more before them.
        for (; count > 0; count--)
            Resume(Dequeue(), bytes);
        lock (_lock)
        {
            _isGivingOut = false;
            PlanRound();
        }
    }

    /// <summary>Returns the number of those who need not wait any more, and the bytes of each.</summary>
    private (int Count, int Bytes) BeginRound()
    {
        lock (_lock)
        {
            _isGivingOut = true;
            int available = Available();
            return (Math.Min(available, _waiting.Count), Math.Max(available / Math.Max(_waiting.Count, 1), 1));
        }
    }

    private BudgetShare Dequeue()
    {
        lock (_lock)
            return _waiting.Dequeue();
    }

    private void Resume(BudgetShare share, int bytes)
    {
        if (share.Loop == loop)
            share.Resume(bytes);
        else
            share.Loop.Post(() => share.Resume(bytes));
    }
}
