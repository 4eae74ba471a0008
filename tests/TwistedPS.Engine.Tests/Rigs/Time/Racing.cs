namespace TwistedPS.Tests;

/// <summary>Races: two threads that do something at the same moment, repeatedly.</summary>
internal static class Racing
{
    private const int Rounds = 5_000;

    // To sleep at once would let the other thread go first each time.
    private const int SpinsBeforeYield = 10_000;

    public static async Task Run(Action<int> here, Action<int> there)
    {
        int hereAt = -1;
        int thereAt = -1;
        Task other = Task.Factory.StartNew(() => Go(there, ref thereAt, ref hereAt), TaskCreationOptions.LongRunning);
        Go(here, ref hereAt, ref thereAt);
        await other.Soon();

        static void Go(Action<int> act, ref int own, ref int others)
        {
            try
            {
                for (int round = 0; round < Rounds; round++)
                {
                    Volatile.Write(ref own, round);
                    for (int spins = 0; Volatile.Read(ref others) < round; spins++)
                    {
                        if (spins > SpinsBeforeYield)
                            Thread.Yield();
                    }

                    act(round);
                }
            }
            finally
            {
                // The other thread must not wait for a failed one.
                Volatile.Write(ref own, Rounds);
            }
        }
    }

    /// <summary>Creates one object for each round.</summary>
    public static T[] Each<T>(Func<T> make) => [.. Enumerable.Range(0, Rounds).Select(_ => make())];
}
