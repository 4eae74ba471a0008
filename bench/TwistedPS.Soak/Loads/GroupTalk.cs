namespace TwistedPS.Soak;

/// <summary>A few members of a group that the server keeps: each hears all lines that are sent while it is in.</summary>
internal sealed class GroupTalk(string server) : ISoakLoad
{
    private const int Members = 8;
    private const int Lines = 20;

    public string Name => server;

    // Others would be heard as well.
    public int Peers => 1;

    public async Task RunAsync(Subject subject, Ledger ledger, CancellationToken cancel)
    {
        var members = new List<Talk>();
        try
        {
            for (int i = 0; i < Members; i++)
            {
                members.Add(await Talk.ConnectAsync(subject.PortOf(server), cancel));
                string joined = $"joined {i}\r\n";
                await members[i].SendAsync(joined, cancel);
                foreach (Talk member in members)
                    await ExpectAsync(member, joined, ledger, cancel);
            }

            string said = string.Concat(Enumerable.Range(0, Lines).Select(i => $"said {i} {Guid.NewGuid():N}\r\n"));
            await members[Random.Shared.Next(Members)].SendAsync(said, cancel);
            foreach (Talk member in members)
                await ExpectAsync(member, said, ledger, cancel);
            ledger.Answered(Name, Lines * Members);
        }
        finally
        {
            members.ForEach(member => member.Reset());
        }
    }

    private async Task ExpectAsync(Talk member, string expected, Ledger ledger, CancellationToken cancel)
    {
        string heard = await member.ReceiveAsync(expected.Length, cancel);
        if (heard != expected)
            ledger.Lose(Name, 1, $"'{heard}' instead of '{expected}'");
    }
}
