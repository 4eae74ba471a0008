using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Policies;

/// <summary>One direction of a connection, which keeps within one budget or several. On the loop's thread only.</summary>
/// <param name="loop">The loop.</param>
/// <param name="budgets">The budgets.</param>
/// <param name="resume">Called when it need not wait any more.</param>
internal sealed class ThrottledFlow(EventLoop loop, ByteBudget[] budgets, Action resume)
{
    private readonly BudgetShare[] _shares = [.. budgets.Select(budget => new BudgetShare(loop, budget, resume))];

    /// <summary>Whether no byte may pass now.</summary>
    public bool IsWaiting => Array.Exists(_shares, share => share.IsWaiting);

    /// <summary>Returns how many of some bytes may pass now; if none may, it waits.</summary>
    public int Allow(int bytes)
    {
        foreach (BudgetShare share in _shares)
        {
            if (bytes > 0)
                bytes = Math.Min(bytes, share.Available);
        }

        return bytes;
    }

    /// <summary>Notes that bytes have passed.</summary>
    public void Spend(int bytes)
    {
        foreach (BudgetShare share in _shares)
            share.Spend(bytes);
    }

    public void End()
    {
        foreach (BudgetShare share in _shares)
            share.Leave();
    }
}
