namespace TwistedPS.Soak;

/// <summary>Lines, or other messages, whose answers are known: sent in pieces of any size, and ended in one of several ways.</summary>
/// <param name="server">The server.</param>
/// <param name="frame">The bytes of a message, as text.</param>
/// <param name="answer">The bytes of the answer to it.</param>
internal sealed class Conversation(string server, Func<string, string> frame, Func<string, string> answer) : ISoakLoad
{
    private const int MostMessages = 30;

    public string Name => server;

    public int Peers => 2;

    /// <summary>The number of messages that may be under way at once: 1 where answers need not come in order.</summary>
    public int InFlight { get; init; } = MostMessages;

    public TimeSpan Pause { get; init; }

    public async Task RunAsync(Subject subject, Ledger ledger, CancellationToken cancel)
    {
        string[] texts = [.. Enumerable.Range(0, Random.Shared.Next(1, MostMessages)).Select(i => $"{Guid.NewGuid():N}{i}")];
        using Talk talk = await Talk.ConnectAsync(subject.PortOf(server), cancel);
        int answered = 0;
        foreach (string[] batch in texts.Chunk(InFlight))
        {
            await SendInPiecesAsync(talk, string.Concat(batch.Select(frame)), cancel);
            foreach (string expected in batch.Select(answer))
            {
                string got = await talk.ReceiveAsync(expected.Length, cancel);
                if (got != expected)
                {
                    ledger.Lose(Name, texts.Length - answered, $"'{got}' instead of '{expected}'");
                    return;
                }

                answered++;
            }
        }

        ledger.Answered(Name, answered);
        await EndAsync(talk, ledger, cancel);
    }

    private static async Task SendInPiecesAsync(Talk talk, string text, CancellationToken cancel)
    {
        for (int at = 0, size; at < text.Length; at += size)
        {
            size = Math.Min(Random.Shared.Next(1, 200), text.Length - at);
            await talk.SendAsync(text.Substring(at, size), cancel);
        }
    }

    private async Task EndAsync(Talk talk, Ledger ledger, CancellationToken cancel)
    {
        switch (Random.Shared.Next(3))
        {
            case 0:
                talk.Reset();
                break;
            case 1:
                talk.EndSending();
                string more = await talk.ReceiveAsync(1000, cancel);
                if (more.Length > 0)
                    ledger.Lose(Name, 1, $"'{more}' after the last answer");
                break;
        }
    }
}
