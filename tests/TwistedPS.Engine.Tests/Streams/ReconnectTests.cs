using System.Net.Sockets;

namespace TwistedPS.Tests;

public sealed class ReconnectTests
{
    private static readonly ReconnectPolicy s_halfAMinute = ReconnectPolicy.Fixed(TimeSpan.FromSeconds(30));
    private static readonly ReconnectPolicy s_doubling = new() { Factor = 2, Jitter = TimeSpan.Zero };

    private readonly RecordingHandler _handler = new();

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task After_a_loss_it_connects_again_when_the_delay_is_over(PollerKind poller)
    {
        using var rig = new ClientRig(poller, _handler, AbortingServer(), reconnect: s_halfAMinute);
        await rig.ConnectAsync();
        rig.Send("a");
        rig.Until(() => rig.Client.Status == ClientStatus.Waiting);
        Assert.Contains(rig.Client.Log, entry => entry.Message == "Reconnecting in 30 s");
        Assert.Equal([rig.Client], rig.Reactor.Services);
        Assert.False(rig.Client.Completion.IsCompleted);
        rig.Advance(29.9);
        Assert.Equal(ClientStatus.Waiting, rig.Client.Status);
        Assert.Equal(["connecting", "connect 0", "disconnect 0: Lost"], _handler.Events);
        rig.Advance(0.1);
        rig.Until(() => rig.Client.Status == ClientStatus.Connected);
        Assert.Equal(["connecting", "connect 0", "disconnect 0: Lost", "connecting", "connect 1"], _handler.Events);
        Assert.False(_handler.WasNested);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task The_delay_grows_with_each_failure_and_begins_anew_after_a_success(PollerKind poller)
    {
        using var rig = new ClientRig(poller, reconnect: s_doubling);
        using var port = new QuietPort();
        LineClient client = rig.NewClient(port.Number, _handler);
        await Assert.ThrowsAnyAsync<SocketException>(() => client.ConnectAsync(CancellationToken.None).Soon());
        Assert.Equal(ClientStatus.Waiting, client.Status);
        foreach (double delay in new[] { 1, 2 })
        {
            int before = Failures();
            rig.Advance(delay - 0.1);
            Assert.Equal(before, Failures());
            rig.Advance(0.1);
            rig.Until(() => Failures() == before + 1);
        }

        port.Open();
        rig.Until(() => client.Status == ClientStatus.Waiting);
        rig.Advance(4);
        using SocketPeer peer = await port.AcceptAsync();
        rig.Until(() => client.Status == ClientStatus.Connected);
        peer.Reset();
        rig.Until(() => client.Status == ClientStatus.Waiting);
        rig.Advance(1);
        using SocketPeer again = await port.AcceptAsync();
        rig.Until(() => client.Status == ClientStatus.Connected);
        Assert.Equal(
            [.. Repeated(3, "connecting", "failed"), "connecting", "connect 0", "disconnect 0: Lost", "connecting", "connect 1"],
            _handler.Events.Select(it => it.StartsWith("failed: ", StringComparison.Ordinal) ? "failed" : it));
        Assert.Equal([1, 2, 4, 1], Delays(client));
        await client.DisconnectAsync(TimeSpan.Zero).Soon();

        int Failures() => _handler.Events.Count(it => it.StartsWith("failed: ", StringComparison.Ordinal));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task It_gives_up_after_as_many_attempts_as_it_was_told(PollerKind poller)
    {
        using var rig = new ClientRig(poller, reconnect: s_halfAMinute with { MaxAttempts = 2 });
        using var port = new QuietPort();
        LineClient client = rig.NewClient(port.Number, _handler);
        await Assert.ThrowsAnyAsync<SocketException>(() => client.ConnectAsync(CancellationToken.None).Soon());
        Task disconnection = client.Completion;
        rig.Advance(30);
        rig.Until(() => Delays(client).Length == 2);
        Assert.False(disconnection.IsCompleted);
        rig.Advance(30);
        await disconnection.Soon();
        Assert.Equal(ClientStatus.Disconnected, client.Status);
        Assert.Contains(client.Log, entry =>
            entry is { Level: LogLevel.Warning, Message: "Gave up reconnecting after 2 attempts" });
        Assert.Empty(rig.Reactor.Services);
        rig.Advance(3600);
        Assert.Equal(3, _handler.Count("connecting"));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Connecting_by_hand_after_it_gave_up_has_as_many_attempts_again(PollerKind poller)
    {
        using var rig = new ClientRig(poller, reconnect: s_halfAMinute with { MaxAttempts = 1 });
        using var port = new QuietPort();
        LineClient client = rig.NewClient(port.Number, _handler);
        for (int time = 0; time < 2; time++)
        {
            await Assert.ThrowsAnyAsync<SocketException>(() => client.ConnectAsync(CancellationToken.None).Soon());
            Assert.Equal(ClientStatus.Waiting, client.Status);
            Task disconnection = client.Completion;
            rig.Advance(30);
            await disconnection.Soon();
        }

        Assert.Equal(4, _handler.Count("connecting"));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_close_by_its_own_handler_is_a_loss_as_well(PollerKind poller)
    {
        var handler = new RecordingHandler { OnLine = (connection, _) => connection.Close() };
        using var rig = new ClientRig(poller, handler, isQueued: false, reconnect: s_halfAMinute);
        await rig.ConnectAsync();
        rig.Send("a");
        rig.Until(() => rig.Client.Status == ClientStatus.Waiting);
        rig.Advance(30);
        rig.Until(() => handler.Has("connect 1"));
        Assert.Equal(1, handler.Count("disconnect 0: Done"));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Unread_lines_outlast_the_wait_and_come_first(PollerKind poller)
    {
        var server = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                connection.Send(line);
                connection.Close();
            },
        };
        using var rig = new ClientRig(poller, _handler, server, reconnect: s_halfAMinute);
        await rig.ConnectAsync();
        rig.Send("a");
        rig.Until(() => rig.Client.Status == ClientStatus.Waiting);
        Assert.Equal(1, rig.Client.WaitingLines);
        rig.Advance(30);
        rig.Until(() => rig.Client.Status == ClientStatus.Connected);
        rig.Send("b");
        Assert.Equal("a", await rig.ReceiveAsync());
        Assert.Equal("b", await rig.ReceiveAsync());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Connecting_by_hand_takes_the_place_of_the_wait(PollerKind poller)
    {
        using var rig = new ClientRig(poller, _handler, AbortingServer(), reconnect: s_halfAMinute);
        await rig.ConnectAsync();
        rig.Send("a");
        rig.Until(() => rig.Client.Status == ClientStatus.Waiting);
        await rig.ConnectAsync();
        Assert.Equal(ClientStatus.Connected, rig.Client.Status);
        rig.Do(() => Assert.Null(rig.Reactor.Loop.NextDue));
        rig.Advance(3600);
        Assert.Equal(["connecting", "connect 0", "disconnect 0: Lost", "connecting", "connect 1"], _handler.Events);
        rig.Send("a");
        rig.Until(() => rig.Client.Status == ClientStatus.Waiting);
        rig.Advance(30);
        rig.Until(() => _handler.Has("connect 2"));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Connecting_by_hand_as_the_wait_ends_makes_one_connection(PollerKind poller)
    {
        using var rig = new ClientRig(poller, _handler, AbortingServer(), reconnect: s_halfAMinute);
        await rig.ConnectAsync();
        rig.Send("a");
        rig.Until(() => rig.Client.Status == ClientStatus.Waiting);
        var byHand = new TaskCompletionSource<Task>();
        rig.Do(() => rig.Reactor.CallLater(
            TimeSpan.FromSeconds(29), () => byHand.SetResult(rig.Client.ConnectAsync(CancellationToken.None))));
        rig.Advance(30);
        await (await byHand.Task.Soon()).Soon();

        // Attempts already queued run before this disconnect.
        await rig.Client.DisconnectAsync(TimeSpan.Zero).Soon();
        Assert.Equal(
            ["connecting", "connect 0", "disconnect 0: Lost", "connecting", "connect 1", "disconnect 1: Done"], _handler.Events);
    }

    private static RecordingHandler AbortingServer() => new() { OnLine = (connection, _) => connection.Abort() };

    private static double[] Delays(LineClient client) => client.Log
        .Select(entry => entry.Message.Split(' '))
        .Where(words => words is ["Reconnecting", "in", _, "s"])
        .Select(words => double.Parse(words[2], System.Globalization.CultureInfo.CurrentCulture))
        .ToArray();

    private static IEnumerable<string> Repeated(int times, params string[] events) =>
        Enumerable.Repeat(events, times).SelectMany(it => it);
}
