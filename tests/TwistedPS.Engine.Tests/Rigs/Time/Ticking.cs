namespace TwistedPS.Tests;

/// <summary>Clocks of running reactors that are moved in small steps, one in each turn.</summary>
internal static class Ticking
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(5);

    /// <summary>Lets time pass until a condition holds, which is checked on the reactor's thread.</summary>
    public static void TickUntil(this Rig rig, ManualClock clock, Func<bool> condition)
    {
        bool isMet = false;
        rig.Do(() => Tick(rig.Reactor, clock, () => isMet = isMet || condition()));
        rig.Until(() => isMet);
    }

    public static void TickFor(this Rig rig, ManualClock clock, double seconds)
    {
        TimeSpan end = clock.Elapsed + TimeSpan.FromSeconds(seconds);
        rig.TickUntil(clock, () => clock.Elapsed >= end);
    }

    /// <summary>Lets time pass while something is done that waits for the reactor, or turns it by itself.</summary>
    public static T TickDuring<T>(this Rig rig, ManualClock clock, Func<T> act)
    {
        if (rig is not MemoryRig)
        {
            Task<T> done = Task.Run(act);
            rig.TickUntil(clock, () => done.IsCompleted);
            return done.GetAwaiter().GetResult();
        }

        bool hasEnded = false;
        rig.Do(() => Tick(rig.Reactor, clock, () => hasEnded));
        T result = act();
        hasEnded = true;
        return result;
    }

    private static void Tick(Reactor reactor, ManualClock clock, Func<bool> hasEnded)
    {
        if (hasEnded())
            return;
        clock.Advance(s_step);
        reactor.CallLater(TimeSpan.Zero, () => Tick(reactor, clock, hasEnded));
    }
}
