namespace TwistedPS.Tests;

/// <summary>Turns a reactor by hand.</summary>
internal static class Turning
{
    private const int MostTurns = 100_000;

    /// <summary>Enough turns for everything that is due to be done, and for what follows from it.</summary>
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
