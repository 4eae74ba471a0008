using System.Net.Sockets;

namespace TwistedPS.Soak;

/// <summary>
/// More peers than the subject has descriptors for. Those that it has are served meanwhile, and everybody afterwards.
/// </summary>
internal sealed class Crowd(string server) : ISoakLoad
{
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromSeconds(20);

    public string Name => $"crowd, {server}";

    public int Peers => 1;

    public bool IsAlone => true;

    public TimeSpan Pause => TimeSpan.FromSeconds(20);

    public async Task RunAsync(Subject subject, Ledger ledger, CancellationToken cancel)
    {
        var crowd = new List<Talk>();
        try
        {
            using Talk early = await Talk.ConnectAsync(subject.PortOf(server), cancel);
            await AskAsync(early, "early", ledger, cancel);
            for (int i = 0; i < Subject.MostDescriptors + 100; i++)
                crowd.Add(await Talk.ConnectAsync(subject.PortOf(server), cancel));
            await AskAsync(early, "while it is crowded", ledger, cancel);
        }
        catch (SocketException)
        {
            // The backlog is full as well.
        }
        finally
        {
            crowd.ForEach(talk => talk.Reset());
        }

        using Talk late = await Talk.ConnectAsync(subject.PortOf(server), cancel);
        await AskAsync(late, "afterwards", ledger, cancel);
    }

    private async Task AskAsync(Talk talk, string when, Ledger ledger, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(s_answerLimit);
        await talk.SendAsync("hello\r\n", limit.Token);
        try
        {
            if (await talk.ReceiveAsync(7, limit.Token) == "hello\r\n")
                ledger.Answered(Name, 1);
            else
                ledger.Lose(Name, 1, $"no answer {when}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            ledger.Lose(Name, 1, $"no answer {when}");
        }
    }
}
