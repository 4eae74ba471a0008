namespace TwistedPS.Tests;

/// <summary>Has two threads do something at the same moment, again and again.</summary>
internal static class Racing
{
    private const int Rounds = 20_000;

    // To sleep at once would let the other thread go ahead each time.
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
                // Nobody waits for one that has failed.
                Volatile.Write(ref own, Rounds);
            }
        }
    }

    /// <summary>One for each round.</summary>
    public static T[] Each<T>(Func<T> make) => [.. Enumerable.Range(0, Rounds).Select(_ => make())];
}
