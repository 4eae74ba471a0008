namespace TwistedPS.Tests;

public sealed class LineClientReconnectTests
{
    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Reconnecting_closes_the_old_connection_and_makes_one_new_one(PollerKind poller)
    {
        var handler = new RecordingHandler();
        using var rig = new ClientRig(poller, handler);
        await rig.ConnectAsync();
        LineConnection old = rig.Client.Connection!;
        await rig.ConnectAsync();
        Assert.NotSame(old, rig.Client.Connection);
        Assert.Equal(ConnectionStatus.Closed, old.Status);
        rig.Send("a");
        Assert.Equal("a", await rig.ReceiveAsync());
        rig.Server.Until(() => rig.Server.Server.ConnectionCount == 1);
        Assert.Equal(
            ["connecting", "connect 0", "connecting", "disconnect 0: Done", "connect 1", "line 1: a"], handler.Events);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Reconnecting_works_after_a_loss(PollerKind poller)
    {
        var server = new RecordingHandler { OnLine = (connection, line) => Answer(connection, line) };
        using var rig = new ClientRig(poller, server: server);
        await rig.ConnectAsync();
        rig.Send("reset");
        await rig.Client.Completion.Soon();
        await rig.ConnectAsync();
        rig.Send("a");
        Assert.Equal("a", await rig.ReceiveAsync());
        Assert.Equal(ClientStatus.Connected, rig.Client.Status);

        static void Answer(LineConnection connection, string line)
        {
            if (line == "reset")
                connection.Abort();
            else
                connection.Send(line);
        }
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Unread_lines_outlast_a_reconnect_and_come_first(PollerKind poller)
    {
        using var rig = new ClientRig(poller);
        await rig.ConnectAsync();
        rig.Send("a\nb");
        rig.Until(() => rig.Client.WaitingLines == 2);
        await rig.ConnectAsync();
        rig.Send("c");
        foreach (string line in new[] { "a", "b", "c" })
            Assert.Equal(line, await rig.ReceiveAsync());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Two_connects_at_once_leave_one_live_connection(PollerKind poller)
    {
        using var rig = new ClientRig(poller);
        for (int i = 0; i < 10; i++)
        {
            Task first = rig.Client.ConnectAsync(CancellationToken.None);
            Task second = rig.Client.ConnectAsync(CancellationToken.None);
            await Task.WhenAll(Settled(first), Settled(second)).Soon();
            rig.Until(() => rig.Client.Status == ClientStatus.Connected);
            rig.Server.Until(() => rig.Server.Server.ConnectionCount == 1);
            rig.Send($"{i}");
            Assert.Equal($"{i}", await rig.ReceiveAsync());
        }

        static Task Settled(Task task) => task.ContinueWith(ended => ended.Exception, TaskScheduler.Default);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_client_may_reconnect_as_soon_as_it_hears_of_the_loss(PollerKind poller)
    {
        LineClient? client = null;
        var again = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new RecordingHandler
        {
            OnDisconnect = (_, _) => again.TrySetResult(client!.ConnectAsync(CancellationToken.None)),
        };
        var server = new RecordingHandler { OnLine = (connection, _) => connection.Close() };
        using var rig = new ClientRig(poller, handler, server);
        client = rig.Client;
        await rig.ConnectAsync();
        rig.Send("a");
        await (await again.Task.Soon()).Soon();
        rig.Until(() => handler.Has("connect 1"));
        Assert.Equal(ClientStatus.Connected, client.Status);
        Assert.Equal(ConnectionStatus.Open, client.Connection!.Status);
    }
}
