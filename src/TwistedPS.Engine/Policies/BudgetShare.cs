using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Policies;

/// <summary>The part that one direction of a connection has in a budget. On the loop's thread only.</summary>
/// <param name="loop">The loop of the connection, which may be another than that of the budget.</param>
/// <param name="budget">The budget.</param>
/// <param name="resume">Called when it need not wait any more.</param>
internal sealed class BudgetShare(EventLoop loop, ByteBudget budget, Action resume)
{
    private bool _hasLeft;

    /// <summary>The loop of the connection.</summary>
    public EventLoop Loop => loop;

    /// <summary>Whether it waits for the next round.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>The bytes that it has left of its part of a round, for which it need not wait again.</summary>
    public int Left { get; private set; }

    /// <summary>The number of bytes that may pass now; if there are none, it waits.</summary>
    public int Available => budget.AvailableTo(this);

    public void Spend(int bytes)
    {
        Left = Math.Max(Left - bytes, 0);
        budget.Spend(bytes);
    }

    /// <summary>Gives it its part of a round.</summary>
    public void Resume(int bytes)
    {
        (IsWaiting, Left) = (false, bytes);
        if (!_hasLeft)
            resume();
    }

    /// <summary>Ends it, as its connection has ended.</summary>
    public void Leave() => _hasLeft = true;
}
