using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Tests;

public sealed class LineClientTests
{
    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_client_sends_lines_and_receives_replies(PollerKind poller)
    {
        using var rig = new ClientRig(poller);
        Assert.Equal(ClientStatus.Disconnected, rig.Client.Status);
        await rig.ConnectAsync();
        Assert.Equal(ClientStatus.Connected, rig.Client.Status);
        rig.Send("a\nb");
        Assert.Equal("a", await rig.ReceiveAsync());
        Assert.Equal("b", await rig.ReceiveAsync());
        Assert.False(rig.Client.TryReceive(out _));
        Assert.Equal(rig.Server.Server.EndPoint, rig.Client.Connection!.RemoteEndPoint);
        Assert.Equal((6, 6), (rig.Client.BytesIn, rig.Client.BytesOut));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_clients_handlers_are_called_in_order(PollerKind poller)
    {
        var handler = new RecordingHandler
        {
            OnConnect = connection => connection.Send("hello"),
            OnLine = (connection, _) => connection.Close(),
        };
        using var rig = new ClientRig(poller, handler, isQueued: false);
        await rig.ConnectAsync();
        await rig.Client.Completion.Soon();
        Assert.Equal(["connecting", "connect 0", "line 0: hello", "disconnect 0: Done"], handler.Events);
        Assert.Equal(0, rig.Client.WaitingLines);
        Assert.False(handler.WasNested);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Where_nobody_listens_the_connection_is_refused(PollerKind poller)
    {
        using var rig = new ClientRig(poller);
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var handler = new RecordingHandler();
        LineClient client = rig.NewClient(((IPEndPoint)bound.LocalEndPoint!).Port, handler);
        var error = await Assert.ThrowsAnyAsync<SocketException>(() => client.ConnectAsync(CancellationToken.None).Soon());
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        Assert.Equal(ClientStatus.Disconnected, client.Status);
        Assert.Single(handler.Events, it => it.StartsWith("failed: ", StringComparison.Ordinal));
        Assert.Contains(client.Log, entry => entry.Level == LogLevel.Warning);
        Assert.False(await client.WaitForMessageAsync(CancellationToken.None).Soon());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Where_nobody_answers_connecting_ends_in_time(PollerKind poller)
    {
        using var rig = new ClientRig(poller);
        using var silent = new SilentListener();
        var handler = new RecordingHandler();
        LineClient client = rig.NewClient(silent.Port, handler, TimeSpan.FromMilliseconds(50));
        var error = await Assert.ThrowsAsync<TimeoutException>(() => client.ConnectAsync(CancellationToken.None).Soon());
        Assert.Contains($"127.0.0.1:{silent.Port}", error.Message, StringComparison.Ordinal);
        Assert.Equal(ClientStatus.Disconnected, client.Status);
        Assert.Equal(["connecting", "failed: TimeoutException"], handler.Events);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Connecting_can_be_cancelled(PollerKind poller)
    {
        using var rig = new ClientRig(poller);
        using var silent = new SilentListener();
        LineClient client = rig.NewClient(silent.Port);
        using var cancel = new CancellationTokenSource();
        Task connecting = client.ConnectAsync(cancel.Token);
        rig.Until(() => client.Status == ClientStatus.Connecting);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon());
        Assert.Equal(ClientStatus.Disconnected, client.Status);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Reconnecting_can_be_cancelled_while_the_old_connection_closes(PollerKind poller)
    {
        using var rig = new ClientRig(poller);
        using var silent = new SilentListener(accepts: true);
        LineClient client = rig.NewClient(silent.Port);
        await client.ConnectAsync(CancellationToken.None).Soon();
        using var cancel = new CancellationTokenSource();
        Task connecting = client.ConnectAsync(cancel.Token);
        rig.Until(() => client.Status == ClientStatus.Connecting);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon());
        rig.Until(() => client.Status == ClientStatus.Disconnected);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Disconnecting_sends_everything_first(PollerKind poller)
    {
        using var rig = new ClientRig(poller, server: new RecordingHandler());
        await rig.ConnectAsync();
        LineConnection connection = rig.Client.Connection!;
        connection.Send("last");
        rig.Client.Dispose();
        await rig.Client.Completion.Soon();
        rig.Server.Until("disconnect 0: Done");
        Assert.Equal(["last"], rig.Server.Handler.LinesOf(0));
        Assert.Equal(ClientStatus.Disconnected, rig.Client.Status);
        Assert.Equal(CloseReason.Done, connection.CloseReason);
        Assert.Throws<NotConnectedException>(() => connection.Send("late"));
        await Assert.ThrowsAsync<NotConnectedException>(() => connection.SendAsync("late").Soon());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Disconnecting_waits_for_the_server_no_longer_than_told(PollerKind poller)
    {
        using var rig = new ClientRig(poller);
        using var silent = new SilentListener(accepts: true);
        LineClient client = rig.NewClient(silent.Port);
        await client.ConnectAsync(CancellationToken.None).Soon();
        LineConnection connection = client.Connection!;
        await client.DisconnectAsync(TimeSpan.Zero).Soon();
        Assert.Equal((ConnectionStatus.Closed, CloseReason.Done), (connection.Status, connection.CloseReason));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_client_that_ends_sending_still_receives_every_reply(PollerKind poller)
    {
        using var rig = new ClientRig(poller);
        await rig.ConnectAsync();
        rig.Do(() =>
        {
            rig.Client.Connection!.Send("a\nb");
            rig.Client.Connection!.EndSending();
        });
        await rig.Client.Completion.Soon();
        Assert.Equal("a", await rig.ReceiveAsync());
        Assert.Equal("b", await rig.ReceiveAsync());
        Assert.Equal(CloseReason.Done, rig.Client.Connection!.CloseReason);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task An_interrupted_OnConnect_leaves_the_client_connected(PollerKind poller)
    {
        int connects = 0;
        var handler = new RecordingHandler
        {
            OnConnect = _ =>
            {
                if (++connects == 1)
                    throw new ReactorInterruptedException(new FormatException("cause"));
            },
        };
        using var rig = new ClientRig(poller, handler);
        _ = await Record.ExceptionAsync(rig.ConnectAsync);
        rig.Do(() => { });
        Assert.Equal(["connecting", "connect 0"], handler.Events);
        Assert.Equal(ClientStatus.Connected, rig.Client.Status);
        await rig.ConnectAsync();
        rig.Server.Until(() => rig.Server.Server.ConnectionCount == 1);
        rig.Send("a");
        Assert.Equal("a", await rig.ReceiveAsync());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Lines_that_came_before_the_end_can_still_be_received(PollerKind poller)
    {
        var server = new RecordingHandler
        {
            OnConnect = connection =>
            {
                connection.Send("a\nb\nc");
                connection.Close();
            },
        };
        using var rig = new ClientRig(poller, server: server);
        await rig.ConnectAsync();
        await rig.Client.Completion.Soon();
        Assert.Equal(3, rig.Client.WaitingLines);
        foreach (string line in new[] { "a", "b", "c" })
            Assert.Equal(line, await rig.ReceiveAsync());
        Assert.False(await rig.Client.WaitForMessageAsync(CancellationToken.None).Soon());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Waiting_for_a_line_can_be_cancelled(PollerKind poller)
    {
        using var rig = new ClientRig(poller);
        await rig.ConnectAsync();
        using var cancel = new CancellationTokenSource();
        Task<bool> waiting = rig.Client.WaitForMessageAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
        rig.Send("a");
        Assert.Equal("a", await rig.ReceiveAsync());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_server_that_resets_is_a_loss(PollerKind poller)
    {
        var server = new RecordingHandler { OnLine = (connection, _) => connection.Abort() };
        var handler = new RecordingHandler();
        using var rig = new ClientRig(poller, handler, server);
        await rig.ConnectAsync();
        rig.Send("a");
        await rig.Client.Completion.Soon();
        Assert.Equal(1, handler.Count("disconnect 0: Lost"));
    }
}
