namespace TwistedPS.Tests;

public sealed class ConnectionInboxTests
{
    [Theory]
    [ClassData(typeof(Carriers))]
    public void Lines_wait_in_it_in_their_order_until_they_are_taken(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, Opening());
        using IPeer peer = rig.Connect();
        peer.Send("a\nb\nc\n");
        ConnectionInbox<string> inbox = InboxOf(rig);
        rig.Until(() => inbox.Count == 3);
        Assert.Equal(["a", "b", "c"], Take(inbox, 3));
        Assert.False(inbox.TryReceive(out _));
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void At_its_limit_the_connection_is_not_read_until_half_of_it_is_taken(Carrier carrier)
    {
        const int LengthOfLine = 1000;
        const int Lines = 100;
        using Rig rig = Rig.Create(carrier, Opening());
        using IPeer peer = rig.Connect();
        ConnectionInbox<string> inbox = InboxOf(rig);
        var text = string.Concat(Enumerable.Range(0, Lines).Select(i => $"{i}".PadLeft(LengthOfLine, '.') + "\n"));
        peer.Send(text);
        int most = (int)(ConnectionInbox<string>.Limit / (2 * LengthOfLine)) + 1;
        rig.Until(() => inbox.Count == most);
        for (int turn = 0; turn < 20; turn++)
            rig.Do(() => Assert.Equal(most, inbox.Count));
        for (int i = 0; i < Lines; i++)
        {
            string line = "";
            rig.Until(() => inbox.TryReceive(out line));
            Assert.Equal($"{i}", line.TrimStart('.'));
        }
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void What_came_before_the_end_of_the_peers_sending_is_left_and_then_nothing_more_comes(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, Opening());
        using IPeer peer = rig.Connect();
        ConnectionInbox<string> inbox = InboxOf(rig);
        Task<bool> first = inbox.WaitForMessageAsync(default);
        peer.Send("a\nb\n");
        peer.HalfClose();
        rig.Until(() => inbox.Count == 2 && ResultOf(first) == true);
        Assert.Equal(["a", "b"], Take(inbox, 2));
        Task<bool> more = inbox.WaitForMessageAsync(default);
        rig.Until(() => ResultOf(more) == false);
    }

    [Theory]
    [ClassData(typeof(Carriers))]
    public void A_close_and_a_loss_end_the_wait(Carrier carrier)
    {
        using Rig rig = Rig.Create(carrier, Opening());
        using IPeer closed = rig.Connect();
        Task<bool> waitOfClosed = InboxOf(rig).WaitForMessageAsync(default);
        rig.Do(() => rig.Server.Connections[0].Hold());
        rig.Do(() => rig.Server.Connections[0].Close());
        rig.Until(() => ResultOf(waitOfClosed) == false);
        rig.Do(() => rig.Server.Connections[0].Release());
        closed.Close();
        rig.Until(() => rig.Server.ConnectionCount == 0);

        using IPeer lost = rig.Connect();
        Task<bool> waitOfLost = InboxOf(rig).WaitForMessageAsync(default);
        rig.Do(() => rig.Server.Connections[0].Abort());
        rig.Until(() => ResultOf(waitOfLost) == false);
    }

    private static RecordingHandler Opening() => new() { OnConnect = connection => connection.OpenInbox() };

    private static ConnectionInbox<string> InboxOf(Rig rig)
    {
        rig.Until(() => rig.Server.Connections is [{ Inbox: not null }]);
        return rig.Server.Connections[0].Inbox!;
    }

    private static bool? ResultOf(Task<bool> wait) => wait.IsCompletedSuccessfully ? wait.Result : null;

    private static string[] Take(ConnectionInbox<string> inbox, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => inbox.TryReceive(out string line) ? line : "none")];
}
