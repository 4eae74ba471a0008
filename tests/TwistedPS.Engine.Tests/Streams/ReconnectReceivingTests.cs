using System.Net.Sockets;

namespace TwistedPS.Tests;

public sealed class ReconnectReceivingTests
{
    private static readonly ReconnectPolicy s_halfAMinute = ReconnectPolicy.Fixed(TimeSpan.FromSeconds(30));

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Who_waits_for_a_line_while_it_waits_to_connect_gets_that_of_the_connection(PollerKind poller)
    {
        using var rig = new ClientRig(poller, reconnect: s_halfAMinute);
        using var port = new QuietPort();
        LineClient client = rig.NewClient(port.Number);
        await Assert.ThrowsAnyAsync<SocketException>(() => client.ConnectAsync(CancellationToken.None).Soon());
        Task<bool> line = client.WaitForMessageAsync(CancellationToken.None);
        rig.Advance(30);
        rig.Until(() => client.Attempts.Retries == 2 && client.Status == ClientStatus.Waiting);
        Assert.False(line.IsCompleted);
        port.Open();
        rig.Advance(30);
        using SocketPeer peer = await port.AcceptAsync();
        peer.Send("hello\n"u8);
        Assert.True(await line.Soon());
        Assert.True(client.TryReceive(out string received));
        Assert.Equal("hello", received);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task What_is_waited_for_on_a_connection_does_not_come_from_the_next_one(PollerKind poller)
    {
        using var rig = new ClientRig(poller, server: Aborting(), reconnect: s_halfAMinute);
        await rig.ConnectAsync();
        IMessageSource<string> replies = rig.Client.Replies;
        rig.Send("a");
        rig.Until(() => rig.Client.Status == ClientStatus.Waiting);
        Assert.False(await replies.WaitForMessageAsync(CancellationToken.None).Soon());
        Assert.False(rig.Client.WaitForMessageAsync(CancellationToken.None).IsCompleted);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Nobody_waits_for_one_that_has_given_up(PollerKind poller)
    {
        using var rig = new ClientRig(poller, reconnect: s_halfAMinute with { MaxAttempts = 1 });
        using var port = new QuietPort();
        LineClient client = rig.NewClient(port.Number);
        await Assert.ThrowsAnyAsync<SocketException>(() => client.ConnectAsync(CancellationToken.None).Soon());
        Task<bool> line = client.WaitForMessageAsync(CancellationToken.None);
        rig.Advance(30);
        Assert.False(await line.Soon());
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Lines_that_nobody_has_received_wait_for_the_next_connection_as_well(PollerKind poller)
    {
        using var rig = new ClientRig(poller, server: Aborting(answers: 1), reconnect: s_halfAMinute);
        await rig.ConnectAsync();
        rig.Send("a");
        rig.Until(() => rig.Client.WaitingLines == 1);
        rig.Send("b");
        rig.Until(() => rig.Client.Status == ClientStatus.Waiting);
        rig.Advance(30);
        rig.Until(() => rig.Client.Status == ClientStatus.Connected);
        Assert.Equal("a", await rig.ReceiveAsync());
    }

    private static RecordingHandler Aborting(int answers = 0) => new()
    {
        OnLine = (connection, line) =>
        {
            if (answers-- > 0)
                connection.Send(line);
            else
                connection.Abort();
        },
    };
}
