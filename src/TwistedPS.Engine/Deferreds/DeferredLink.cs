namespace TwistedPS.Engine.Deferreds;

/// <summary>One step of a deferred's chain: a pair of callbacks, or another chain that waits for the result.</summary>
internal readonly record struct DeferredLink(
    Func<object?, object?>? Callback, Func<Exception, object?>? Errback, DeferredChain? Waiter)
{
    /// <summary>Calls the callback for <paramref name="present"/>; a missing one passes it on.</summary>
    public object? Call(Outcome present)
    {
        if (present.Error is { } error)
            return Errback is null ? present : Errback(error);
        return Callback is null ? present : Callback(present.Result);
    }
}
