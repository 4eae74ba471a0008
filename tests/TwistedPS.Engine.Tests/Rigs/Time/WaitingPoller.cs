namespace TwistedPS.Tests;

/// <summary>A poller without sockets, for which a wait takes a second of a manual clock.</summary>
internal sealed class WaitingPoller(ManualClock clock) : IPoller
{
    /// <summary>Called in the middle of a wait.</summary>
    public Action? InTheMiddle { get; set; }

    public int Wait(Span<Readiness> ready, int timeout)
    {
        if (timeout == 0)
            return 0;
        clock.Advance(TimeSpan.FromSeconds(0.5));
        InTheMiddle?.Invoke();
        clock.Advance(TimeSpan.FromSeconds(0.5));
        return 0;
    }

    public void Add(IPollable target) => throw new NotSupportedException();

    public void Watch(IPollable target, Interest interest) => throw new NotSupportedException();

    public void Remove(IPollable target) => throw new NotSupportedException();

    public System.Net.Sockets.Socket? Accept(IPollable listener) => throw new NotSupportedException();

    public void Wake()
    {
    }

    public void Dispose()
    {
    }
}
