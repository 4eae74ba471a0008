namespace TwistedPS.Engine.Policies;

/// <summary>
/// The limit of open connections, in all and from one address, or at a UNIX socket from one user. From any thread.
/// </summary>
internal sealed class ConnectionLimit(int? max, int? maxPerAddress)
{
    private readonly Dictionary<object, int> _byOrigin = [];
    private int _count;

    /// <summary>Takes a place if one is free.</summary>
    public bool TryEnter(Address from)
    {
        object? origin = OriginOf(from);
        lock (_byOrigin)
        {
            int fromOrigin = origin is null ? 0 : _byOrigin.GetValueOrDefault(origin);
            if (_count >= max || (origin is not null && fromOrigin >= maxPerAddress))
                return false;
            _count++;
            if (origin is not null)
                _byOrigin[origin] = fromOrigin + 1;
            return true;
        }
    }

    /// <summary>Frees a place taken by <see cref="TryEnter"/>.</summary>
    public void Leave(Address from)
    {
        lock (_byOrigin)
        {
            _count--;
            if (OriginOf(from) is { } origin && --_byOrigin[origin] == 0)
                _byOrigin.Remove(origin);
        }
    }

    private static object? OriginOf(Address from) => from.IP ?? (object?)from.Credential?.UserId;
}
