namespace TwistedPS.Soak;

/// <summary>Very many short lines at once, whose answers are read late and slowly, and must all come.</summary>
internal sealed class Flood(string server) : ISoakLoad
{
    private const int Lines = 20000;

    public string Name => $"flood, {server}";

    public int Peers => 1;

    public async Task RunAsync(Subject subject, Ledger ledger, CancellationToken cancel)
    {
        using Talk talk = await Talk.ConnectAsync(subject.PortOf(server), cancel, receiveBuffer: 8192);
        string all = string.Concat(Enumerable.Range(0, Lines).Select(i => $"{i:00000}\r\n"));
        Task sending = talk.SendAsync(all, cancel);
        for (int at = 0, size; at < all.Length; at += size)
        {
            size = Math.Min(7 * 1000, all.Length - at);
            string got = await talk.ReceiveAsync(size, cancel);
            if (got != all.Substring(at, size))
            {
                ledger.Lose(Name, Lines, $"other answers than lines, from character {at} on");
                return;
            }

            await Task.Delay(10, cancel);
        }

        await sending;
        ledger.Answered(Name, Lines);
    }
}
