using TwistedPS.Engine.Policies;

namespace TwistedPS.Engine.Streams;

/// <summary>
/// A client's attempts to connect: how many have failed in a row, when the next one is due, and whether it has given up. On
/// the reactor's thread only.
/// </summary>
/// <param name="policy">When to connect again; null for never.</param>
internal sealed class ClientAttempts(ReconnectPolicy? policy)
{
    private bool _reconnects;

    /// <summary>The number of attempts to connect again that have failed since the last connection.</summary>
    public int Retries { get; private set; }

    /// <summary>Whether it connects, or will.</summary>
    public bool IsTrying { get; private set; }

    /// <summary>Whether as many attempts have failed as are to be made.</summary>
    public bool IsExhausted => _reconnects && Retries == policy!.MaxAttempts;

    /// <summary>Raised when it stops trying.</summary>
    public event Action? Ended;

    public void Begin() => (_reconnects, IsTrying, Retries) = (policy is not null, true, 0);

    public void Succeeded() => (IsTrying, Retries) = (false, 0);

    /// <summary>Returns the time until the next attempt; null if there is none.</summary>
    public TimeSpan? Next()
    {
        if (!_reconnects || IsExhausted)
            return null;
        IsTrying = true;
        return policy!.DelayAfter(Retries++, Random.Shared);
    }

    /// <summary>Makes no more attempts after the one in progress.</summary>
    public void GiveUp() => _reconnects = false;

    /// <summary>Tells that no attempt is in progress and none is to come.</summary>
    public void End()
    {
        if (!IsTrying)
            return;
        IsTrying = false;
        Ended?.Invoke();
    }
}
