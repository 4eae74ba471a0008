using System.Net.Sockets;

namespace TwistedPS.Tests;

public sealed class ReconnectEndTests
{
    private static readonly ReconnectPolicy s_halfAMinute = ReconnectPolicy.Fixed(TimeSpan.FromSeconds(30));

    private readonly RecordingHandler _handler = new();

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Disconnecting_while_it_waits_is_the_end(PollerKind poller)
    {
        using var rig = new ClientRig(poller, reconnect: s_halfAMinute);
        using var port = new QuietPort();
        LineClient client = await WaitingAsync(rig, port);
        await client.DisconnectAsync(TimeSpan.Zero).Soon();
        rig.Do(() => Assert.Null(rig.Reactor.Loop.NextDue));
        AssertEnded(rig, client, attempts: 1);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Disconnecting_while_it_connects_is_the_end(PollerKind poller)
    {
        using var rig = new ClientRig(poller, reconnect: s_halfAMinute);
        using var silent = new SilentListener();
        LineClient client = rig.NewClient(silent.Port, _handler);
        Task connecting = client.ConnectAsync(CancellationToken.None);
        rig.Until(() => _handler.Count("connecting") == 1);
        await client.DisconnectAsync(TimeSpan.Zero).Soon();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon());
        AssertEnded(rig, client, attempts: 1);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Disconnecting_while_it_connects_again_is_the_end(PollerKind poller)
    {
        using var rig = new ClientRig(poller, reconnect: s_halfAMinute);
        using var silent = new SilentListener();
        LineClient client = rig.NewClient(silent.Port, _handler, TimeSpan.FromSeconds(10));
        Task connecting = client.ConnectAsync(CancellationToken.None);
        rig.Until(() => _handler.Count("connecting") == 1);
        rig.AdvanceUntil(10, () => client.Status == ClientStatus.Waiting);
        await Assert.ThrowsAsync<TimeoutException>(() => connecting.Soon());
        rig.Advance(30);
        rig.Until(() => _handler.Count("connecting") == 2);
        await client.DisconnectAsync(TimeSpan.Zero).Soon();
        AssertEnded(rig, client, attempts: 2);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Disconnecting_while_it_is_connected_is_the_end(PollerKind poller)
    {
        using var rig = new ClientRig(poller, _handler, reconnect: s_halfAMinute);
        await rig.ConnectAsync();
        await rig.Client.DisconnectAsync(TimeSpan.Zero).Soon();
        AssertEnded(rig, rig.Client, attempts: 1);
        Assert.Equal(["connecting", "connect 0", "disconnect 0: Done"], _handler.Events);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Disconnecting_ends_all_that_are_in_line_to_connect(PollerKind poller)
    {
        using var rig = new ClientRig(poller, reconnect: s_halfAMinute);
        using var silent = new SilentListener();
        LineClient client = rig.NewClient(silent.Port, _handler);
        Task first = client.ConnectAsync(CancellationToken.None);
        rig.Until(() => _handler.Count("connecting") == 1);
        Task second = client.ConnectAsync(CancellationToken.None);
        await client.DisconnectAsync(TimeSpan.Zero).Soon();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Soon());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.Soon());
        AssertEnded(rig, client, attempts: 1);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Disconnecting_as_the_wait_ends_is_the_end(PollerKind poller)
    {
        using var rig = new ClientRig(poller, reconnect: s_halfAMinute);
        using var port = new QuietPort();
        LineClient client = await WaitingAsync(rig, port);

        // Both are due in one turn, and an attempt begins in the turn after the one in which it is due.
        rig.Do(() => rig.Reactor.CallLater(TimeSpan.FromSeconds(31), client.Dispose));
        rig.Advance(31);
        AssertEnded(rig, client, attempts: 1);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Disconnecting_at_any_moment_is_the_end(PollerKind poller)
    {
        using var rig = new ClientRig(poller, reconnect: ReconnectPolicy.Fixed(TimeSpan.Zero));
        using var port = new QuietPort();
        LineClient client = rig.NewClient(port.Number, _handler);
        for (int round = 0; round < 200; round++)
        {
            await Assert.ThrowsAnyAsync<SocketException>(() => client.ConnectAsync(CancellationToken.None).Soon());
            Thread.SpinWait(round * 100);
            await client.DisconnectAsync(TimeSpan.Zero).Soon();
            AssertEnded(rig, client, _handler.Count("connecting"));
        }
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Whoever_cancels_connecting_gives_up(PollerKind poller)
    {
        using var rig = new ClientRig(poller, reconnect: s_halfAMinute);
        using var silent = new SilentListener();
        LineClient client = rig.NewClient(silent.Port, _handler);
        using var cancel = new CancellationTokenSource();
        Task connecting = client.ConnectAsync(cancel.Token);
        rig.Until(() => _handler.Count("connecting") == 1);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon());
        AssertEnded(rig, client, attempts: 1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ConnectAsync(cancel.Token).Soon());
        AssertEnded(rig, client, attempts: 1);
    }

    [Theory]
    [InlineData("OnConnecting", 2)]
    [InlineData("OnConnectFailed", 1)]
    public async Task A_handler_may_end_it(string name, int attempts)
    {
        int connects = 0;
        var handler = new RecordingHandler
        {
            OnConnecting = client => EndIf(name == "OnConnecting" && ++connects == 2, client),
            OnConnectFailed = (client, _) => EndIf(name == "OnConnectFailed", client),
        };
        using var rig = new ClientRig(PollerKind.Auto, reconnect: s_halfAMinute);
        using var port = new QuietPort();
        LineClient client = rig.NewClient(port.Number, handler);
        await Assert.ThrowsAnyAsync<SocketException>(() => client.ConnectAsync(CancellationToken.None).Soon());
        rig.Advance(30);
        rig.Until(() => client.Status == ClientStatus.Disconnected);
        AssertEnded(rig, client, attempts, handler);

        static void EndIf(bool condition, LineClient ending)
        {
            if (condition)
                ending.Dispose();
        }
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task OnDisconnect_may_end_it(PollerKind poller)
    {
        var handler = new RecordingHandler { OnDisconnect = (connection, _) => connection.Owner.Dispose() };
        var server = new RecordingHandler { OnConnect = connection => connection.Close() };
        using var rig = new ClientRig(poller, handler, server, reconnect: s_halfAMinute);
        await rig.ConnectAsync();
        await rig.Client.Completion.Soon();
        AssertEnded(rig, rig.Client, attempts: 1, handler);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task The_end_of_its_reactor_is_the_end(PollerKind poller)
    {
        using var rig = new ClientRig(poller, reconnect: s_halfAMinute);
        using var port = new QuietPort();
        LineClient client = await WaitingAsync(rig, port);
        rig.DisposeReactor();
        await client.Completion.Soon();
        Assert.Equal(ClientStatus.Disconnected, client.Status);
        Assert.Empty(rig.Reactor.Services);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ConnectAsync(CancellationToken.None).Soon());
        await client.DisconnectAsync(TimeSpan.Zero).Soon();
        Assert.Equal(1, _handler.Count("connecting"));
    }

    private async Task<LineClient> WaitingAsync(ClientRig rig, QuietPort port)
    {
        LineClient client = rig.NewClient(port.Number, _handler);
        await Assert.ThrowsAnyAsync<SocketException>(() => client.ConnectAsync(CancellationToken.None).Soon());
        Assert.Equal(ClientStatus.Waiting, client.Status);
        return client;
    }

    private void AssertEnded(ClientRig rig, LineClient client, int attempts, RecordingHandler? handler = null)
    {
        Assert.True(client.Completion.IsCompleted);
        rig.Advance(3600);
        Assert.Equal(ClientStatus.Disconnected, client.Status);
        Assert.Equal(attempts, (handler ?? _handler).Count("connecting"));
        Assert.Empty(rig.Reactor.Services);
    }
}
