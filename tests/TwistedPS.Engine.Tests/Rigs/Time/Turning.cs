namespace TwistedPS.Tests;

/// <summary>Helpers that turn a reactor by hand.</summary>
internal static class Turning
{
    private const int MostTurns = 100_000;

    /// <summary>Enough turns for all due work, and for its consequences.</summary>
    private const int Enough = 200;

    public static void TurnUntil(this Reactor reactor, Func<bool> condition)
    {
        for (int turn = 0; !condition(); turn++)
        {
            Assert.True(turn < MostTurns, "The condition did not come true.");
            reactor.Iterate();
        }
    }

    public static void Turn(this Reactor reactor, int turns = Enough)
    {
        for (int turn = 0; turn < turns; turn++)
            reactor.Iterate();
    }
}
