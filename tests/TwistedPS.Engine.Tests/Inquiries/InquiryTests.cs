using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Tests;

public sealed class InquiryTests
{
    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_record_that_is_split_across_packets_is_one(PollerKind poller)
    {
        using var rig = new InquiryRig(poller);
        Task<Reply> asking = rig.Ask();
        Socket peer = await rig.AcceptAsync();
        foreach (char piece in "1:a:b.22:c:d")
            rig.Send($"{piece}");
        peer.Shutdown(SocketShutdown.Send);
        Reply reply = await asking.Soon();
        Assert.Equal(["1:a:b", "22:c:d"], reply.Records);
        Assert.Equal((true, CloseReason.Done, null), (reply.IsWhole, reply.Reason, reply.Error));
        Assert.Empty(rig.Clients);
        Assert.Equal(
            [$"Client init: 127.0.0.1:{rig.Port}", $"Connection made: 127.0.0.1:{rig.Port}"],
            rig.Log.Entries.Select(entry => entry.Message));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task An_empty_reply_is_whole(PollerKind poller)
    {
        using var rig = new InquiryRig(poller);
        Task<Reply> asking = rig.Ask();
        (await rig.AcceptAsync()).Shutdown(SocketShutdown.Send);
        Reply reply = await asking.Soon();
        Assert.True(reply.IsWhole);
        Assert.Empty(reply.Records);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_reset_in_the_middle_is_a_loss(PollerKind poller)
    {
        using var rig = new InquiryRig(poller);
        Task<Reply> asking = rig.Ask();
        Socket peer = await rig.AcceptAsync();
        rig.Send("1:a:b.2:c");
        peer.LingerState = new LingerOption(true, 0);
        peer.Close();
        Reply reply = await asking.Soon();
        Assert.Equal((false, CloseReason.Lost), (reply.IsWhole, reply.Reason));
        Assert.IsType<SocketException>(reply.Error);
        Assert.Equal(LogLevel.Warning, rig.Log.Entries[^1].Level);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_client_that_is_disconnected_here_has_no_whole_reply(PollerKind poller)
    {
        using var rig = new InquiryRig(poller);
        Task<Reply> asking = rig.Ask();
        Socket peer = await rig.AcceptAsync();
        rig.Send("1:a:b.2:c");
        rig.Clients.Single().Dispose();
        Assert.Equal(0, await peer.ReceiveAsync(new byte[1]).Soon());
        peer.Shutdown(SocketShutdown.Send);
        Reply reply = await asking.Soon();
        Assert.Equal((false, CloseReason.Aborted), (reply.IsWhole, reply.Reason));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_record_that_never_ends_is_given_up(PollerKind poller)
    {
        using var rig = new InquiryRig(poller);
        Task<Reply> asking = rig.Ask();
        Socket peer = await rig.AcceptAsync();
        peer.Send(new byte[20_000]);
        peer.Shutdown(SocketShutdown.Send);
        Reply reply = await asking.Soon();
        Assert.Equal((false, CloseReason.LineTooLong), (reply.IsWhole, reply.Reason));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_reply_as_long_as_the_limit_is_whole_and_a_longer_one_is_given_up(PollerKind poller)
    {
        using var rig = new InquiryRig(poller);
        foreach ((string text, CloseReason reason) in new[] { ("1:a:b.2:c:d", CloseReason.Done), ("1:a:b.2:c:de", CloseReason.MessageTooLong) })
        {
            Task<Reply> asking = rig.Ask(maxReplyLength: 11);
            Socket peer = await rig.AcceptAsync();
            peer.Send(Encoding.ASCII.GetBytes(text));
            peer.Shutdown(SocketShutdown.Send);
            Assert.Equal(reason, (await asking.Soon()).Reason);
        }
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_reply_that_does_not_end_is_given_up_at_the_limit(PollerKind poller)
    {
        using var rig = new InquiryRig(poller);
        Task<Reply> asking = rig.Ask(maxReplyLength: 1000);
        Socket peer = await rig.AcceptAsync();
        peer.Send(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("1:a:b.", 200))));
        Reply reply = await asking.Soon();
        Assert.Equal((false, CloseReason.MessageTooLong), (reply.IsWhole, reply.Reason));
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task The_whole_reply_has_to_come_in_time(PollerKind poller)
    {
        var time = new ManualClock();
        using var rig = new InquiryRig(poller, time);
        Task<Reply> asking = rig.Ask(timeout: TimeSpan.FromSeconds(10));
        await rig.AcceptAsync();
        rig.Send("1:a:b.");
        time.Advance(TimeSpan.FromSeconds(9));
        rig.Send("2:c:d.");
        Assert.False(asking.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        rig.Until(() => rig.Clients.Length == 0);
        Reply reply = await asking.Soon();
        Assert.Equal((false, CloseReason.TimedOut), (reply.IsWhole, reply.Reason));
        Assert.Equal(2, reply.Records.Count);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Where_nobody_answers_there_is_no_connection(PollerKind poller)
    {
        using var rig = new InquiryRig(poller);
        using var silent = new SilentListener();
        Reply reply = await rig.Ask(silent.Port, TimeSpan.FromMilliseconds(50)).Soon();
        Assert.Equal((false, CloseReason.None), (reply.IsWhole, reply.Reason));
        Assert.IsType<TimeoutException>(reply.Error);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Giving_up_drops_the_connection(PollerKind poller)
    {
        using var rig = new InquiryRig(poller);
        Task<Reply> asking = rig.Ask();
        Socket peer = await rig.AcceptAsync();
        rig.Send("1:a:b.");
        await rig.Cancel.CancelAsync();
        Reply reply = await asking.Soon();
        Assert.Equal((false, CloseReason.Aborted), (reply.IsWhole, reply.Reason));
        var error = await Assert.ThrowsAsync<SocketException>(() => peer.ReceiveAsync(new byte[1]).Soon());
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
        Assert.Empty(rig.Clients);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task Giving_up_ends_connecting(PollerKind poller)
    {
        using var rig = new InquiryRig(poller);
        using var silent = new SilentListener();
        Task<Reply> asking = rig.Ask(silent.Port);
        rig.Until(() => rig.Clients.Length == 1);
        await rig.Cancel.CancelAsync();
        Reply reply = await asking.Soon();
        Assert.IsAssignableFrom<OperationCanceledException>(reply.Error);
        Assert.Empty(rig.Clients);
    }
}
