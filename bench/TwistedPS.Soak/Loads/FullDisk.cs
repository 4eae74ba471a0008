namespace TwistedPS.Soak;

/// <summary>A server whose log file lies on a full disk for a while, and which serves and logs nevertheless, and afterwards.</summary>
internal sealed class FullDisk(string server, string folder) : ISoakLoad
{
    private static readonly TimeSpan s_logLimit = TimeSpan.FromSeconds(60);

    private readonly Conversation _talk = new(server, text => $"{text}\r\n", text => $"{text}\r\n");
    private readonly string _log = Path.Combine(folder, server["logged-".Length..] + ".log");

    public string Name => $"full disk, {server}";

    public int Peers => 1;

    public TimeSpan Pause => TimeSpan.FromSeconds(10);

    public async Task RunAsync(Subject subject, Ledger ledger, CancellationToken cancel)
    {
        Replace(() => File.CreateSymbolicLink(_log, "/dev/full"));
        for (int i = 0; i < 50; i++)
            await _talk.RunAsync(subject, ledger, cancel);
        Replace(() => File.WriteAllText(_log, ""));

        string marker = $"marker {Guid.NewGuid():N}";
        using Talk talk = await Talk.ConnectAsync(subject.PortOf(server), cancel);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(s_logLimit);
        try
        {
            while (!File.ReadAllText(_log).Contains(marker, StringComparison.Ordinal))
            {
                await talk.SendAsync($"{marker}\r\n", limit.Token);
                await talk.ReceiveAsync(marker.Length + 2, limit.Token);
                await Task.Delay(200, limit.Token);
            }

            ledger.Answered(Name, 1);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            ledger.Lose(Name, 1, "the log was not written again");
        }
    }

    private void Replace(Action create)
    {
        File.Delete(_log);
        create();
    }
}
