using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Deferreds;

/// <summary>Several deferreds combined into one. On the reactor's thread only.</summary>
internal static class DeferredGroup
{
    public static Deferred WhenAll(Reactor reactor, IEnumerable<Deferred> deferreds, string? origin)
    {
        Deferred[] members = MembersOn(reactor, deferreds);
        var all = new Deferred(reactor, origin, _ => Cancel(members));
        object?[] results = new object?[members.Length];
        int missing = members.Length;
        for (int i = 0; i < members.Length; i++)
        {
            int index = i;
            members[i].AddCallbacks(
                result =>
                {
                    results[index] = result;
                    if (--missing == 0)
                        all.TryFire(Outcome.Succeeded(results));
                    return result;
                },
                error =>
                {
                    all.TryFire(Outcome.Failed(error));
                    return null;
                });
        }

        if (missing == 0)
            all.TryFire(Outcome.Succeeded(results));
        return all;
    }

    public static Deferred WhenAny(Reactor reactor, IEnumerable<Deferred> deferreds, string? origin)
    {
        Deferred[] members = MembersOn(reactor, deferreds.Distinct());
        if (members.Length == 0)
            throw new ArgumentException("There are no deferreds to wait for.", nameof(deferreds));
        var any = new Deferred(reactor, origin, _ => Cancel(members));
        var errors = new Exception[members.Length];
        int missing = members.Length;
        Deferred? winner = null;
        for (int i = 0; i < members.Length; i++)
        {
            int index = i;
            members[i].AddCallbacks(
                result =>
                {
                    if (winner is not null)
                        return null;
                    winner = members[index];
                    try
                    {
                        Cancel(members.Where(member => member != winner));
                    }
                    finally
                    {
                        any.TryFire(Outcome.Succeeded(result));
                    }

                    return null;
                },
                error =>
                {
                    errors[index] = error;
                    if (--missing == 0)
                        any.TryFire(Outcome.Failed(new AggregateException(errors)));
                    return null;
                });
        }

        return any;
    }

    private static Deferred[] MembersOn(Reactor reactor, IEnumerable<Deferred> deferreds) =>
        [.. deferreds.Select(deferred => deferred.On(reactor))];

    /// <summary>Cancels all of them, even if callbacks of one are interrupted.</summary>
    private static void Cancel(IEnumerable<Deferred> members)
    {
        ReactorInterruptedException? interruption = null;
        foreach (Deferred member in members)
        {
            try
            {
                member.Cancel();
            }
            catch (ReactorInterruptedException e)
            {
                interruption = e;
            }
        }

        if (interruption is not null)
            throw interruption;
    }
}
