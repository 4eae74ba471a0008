using System.Net.Sockets;

namespace TwistedPS.Tests;

public sealed class HappyEyeballsTests
{
    private static readonly string[] s_three = ["2001:db8::1", "192.0.2.1", "192.0.2.2"];

    [Theory]
    [InlineData("192.0.2.1 2001:db8::1", "2001:db8::1 192.0.2.1")]
    [InlineData("192.0.2.1 192.0.2.2 2001:db8::2 2001:db8::1", "2001:db8::2 192.0.2.1 2001:db8::1 192.0.2.2")]
    [InlineData("192.0.2.9 192.0.2.1 192.0.2.5 2001:db8::1", "2001:db8::1 192.0.2.9 192.0.2.1 192.0.2.5")]
    [InlineData("192.0.2.2 192.0.2.1", "192.0.2.2 192.0.2.1")]
    [InlineData("::ffff:192.0.2.1 2001:db8::1", "2001:db8::1 192.0.2.1")]
    public async Task Families_take_turns_and_keep_the_order_of_the_lookup(string found, string tried)
    {
        var rig = new HappyEyeballsRig();
        Task<FakeAttempt> connecting = rig.ConnectAsync(found.Split(' '));
        foreach (string address in tried.Split(' '))
        {
            FakeAttempt attempt = await rig.NextAsync();
            Assert.Equal((address, HappyEyeballsRig.Port), (attempt.EndPoint.Address.ToString(), attempt.EndPoint.Port));
            await attempt.FailAsync(SocketError.TimedOut);
        }

        await Assert.ThrowsAsync<SocketException>(() => connecting.Soon());
        Assert.False(rig.HasStartedAnother);
    }

    [Fact]
    public async Task Each_attempt_starts_a_quarter_of_a_second_after_the_last()
    {
        var rig = new HappyEyeballsRig();
        Task<FakeAttempt> connecting = rig.ConnectAsync(s_three);
        Assert.Equal(TimeSpan.Zero, (await rig.NextAsync()).StartedAt);
        await rig.AdvanceAsync(0.249);
        Assert.False(rig.HasStartedAnother);
        await rig.AdvanceAsync(0.001);
        Assert.Equal(TimeSpan.FromSeconds(0.25), (await rig.NextAsync()).StartedAt);
        await rig.AdvanceAsync(0.249);
        Assert.False(rig.HasStartedAnother);
        await rig.AdvanceAsync(0.001);
        FakeAttempt last = await rig.NextAsync();
        Assert.Equal(TimeSpan.FromSeconds(0.5), last.StartedAt);
        await last.ConnectAsync();
        Assert.Same(last, await connecting.Soon());
    }

    [Fact]
    public async Task When_the_last_attempt_fails_the_next_starts_at_once_and_has_its_full_time()
    {
        var rig = new HappyEyeballsRig();
        Task<FakeAttempt> connecting = rig.ConnectAsync(s_three);
        FakeAttempt first = await rig.NextAsync();
        await rig.AdvanceAsync(0.1);
        await first.FailAsync(SocketError.NetworkUnreachable);
        Assert.Equal(TimeSpan.FromSeconds(0.1), (await rig.NextAsync()).StartedAt);
        await rig.AdvanceAsync(0.249);
        Assert.False(rig.HasStartedAnother);
        await rig.AdvanceAsync(0.001);
        FakeAttempt last = await rig.NextAsync();
        Assert.Equal(TimeSpan.FromSeconds(0.35), last.StartedAt);
        await last.ConnectAsync();
        Assert.Same(last, await connecting.Soon());
    }

    [Fact]
    public async Task When_an_earlier_attempt_fails_the_last_keeps_its_time()
    {
        var rig = new HappyEyeballsRig();
        Task<FakeAttempt> connecting = rig.ConnectAsync(s_three);
        FakeAttempt first = await rig.NextAsync();
        await rig.AdvanceAsync(0.25);
        await rig.NextAsync();
        await first.FailAsync(SocketError.TimedOut);
        await rig.AdvanceAsync(0.249);
        Assert.False(rig.HasStartedAnother);
        await rig.AdvanceAsync(0.001);
        FakeAttempt last = await rig.NextAsync();
        Assert.Equal(TimeSpan.FromSeconds(0.5), last.StartedAt);
        await last.ConnectAsync();
        Assert.Same(last, await connecting.Soon());
    }

    [Fact]
    public async Task One_at_a_time_waits_for_the_attempt_before_to_fail()
    {
        var rig = new HappyEyeballsRig { OneAtATime = true };
        Task<FakeAttempt> connecting = rig.ConnectAsync(s_three);
        FakeAttempt first = await rig.NextAsync();
        await rig.AdvanceAsync(10);
        Assert.False(rig.HasStartedAnother);
        await first.FailAsync(SocketError.TimedOut);
        FakeAttempt second = await rig.NextAsync();
        await second.ConnectAsync();
        Assert.Same(second, await connecting.Soon());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_first_to_connect_wins_and_the_others_are_cancelled(int winner)
    {
        var rig = new HappyEyeballsRig();
        (Task<FakeAttempt> connecting, List<FakeAttempt> attempts) = await StartAllAsync(rig);
        await attempts[winner].ConnectAsync();
        Assert.Same(attempts[winner], await connecting.Soon());
        Assert.False(attempts[winner].IsClosed);
        Assert.Equal(2, attempts.Count(attempt => attempt.IsCancelled && !attempt.Result.IsCompletedSuccessfully));
        Assert.Equal(0, rig.Time.WaitingTimers);
    }

    [Fact]
    public async Task Nothing_is_started_after_one_has_connected()
    {
        var rig = new HappyEyeballsRig();
        Task<FakeAttempt> connecting = rig.ConnectAsync(s_three);
        await (await rig.NextAsync()).ConnectAsync();
        await connecting.Soon();
        await rig.AdvanceAsync(10);
        Assert.False(rig.HasStartedAnother);
        Assert.Equal(0, rig.Time.WaitingTimers);
    }

    [Fact]
    public async Task A_loser_that_connects_all_the_same_is_closed()
    {
        var rig = new HappyEyeballsRig { ConnectsWhenCancelled = true };
        (Task<FakeAttempt> connecting, List<FakeAttempt> attempts) = await StartAllAsync(rig);
        await attempts[1].ConnectAsync();
        Assert.Same(attempts[1], await connecting.Soon());
        Assert.Equal([true, false, true], attempts.Select(attempt => attempt.IsClosed));
    }

    [Fact]
    public async Task The_last_attempt_is_waited_for_after_the_others_have_failed()
    {
        var rig = new HappyEyeballsRig();
        (Task<FakeAttempt> connecting, List<FakeAttempt> attempts) = await StartAllAsync(rig);
        await attempts[2].FailAsync(SocketError.TimedOut);
        await attempts[1].FailAsync(SocketError.TimedOut);
        await rig.AdvanceAsync(10);
        await attempts[0].ConnectAsync();
        Assert.Same(attempts[0], await connecting.Soon());
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, SocketError.NetworkUnreachable, SocketError.ConnectionRefused)]
    [InlineData(SocketError.NetworkUnreachable, SocketError.ConnectionRefused, SocketError.ConnectionRefused)]
    [InlineData(SocketError.ConnectionRefused, SocketError.TimedOut, SocketError.ConnectionRefused)]
    [InlineData(SocketError.TimedOut, SocketError.NetworkUnreachable, SocketError.TimedOut)]
    [InlineData(SocketError.AccessDenied, SocketError.AddressNotAvailable, SocketError.AccessDenied)]
    [InlineData(SocketError.AccessDenied, SocketError.AddressFamilyNotSupported, SocketError.AccessDenied)]
    [InlineData(SocketError.NetworkUnreachable, SocketError.HostUnreachable, SocketError.HostUnreachable)]
    [InlineData(SocketError.HostUnreachable, SocketError.NetworkUnreachable, SocketError.NetworkUnreachable)]
    public async Task When_all_fail_the_most_telling_error_is_thrown(SocketError first, SocketError second, SocketError thrown)
    {
        var rig = new HappyEyeballsRig();
        Task<FakeAttempt> connecting = rig.ConnectAsync(["2001:db8::1", "192.0.2.1"]);
        await (await rig.NextAsync()).FailAsync(first);
        await (await rig.NextAsync()).FailAsync(second);
        var error = await Assert.ThrowsAsync<SocketException>(() => connecting.Soon());
        Assert.Equal(thrown, error.SocketErrorCode);
        Assert.Equal(0, rig.Time.WaitingTimers);
    }

    private static async Task<(Task<FakeAttempt> Connecting, List<FakeAttempt> Attempts)> StartAllAsync(HappyEyeballsRig rig)
    {
        Task<FakeAttempt> connecting = rig.ConnectAsync(s_three);
        var attempts = new List<FakeAttempt> { await rig.NextAsync() };
        while (attempts.Count < s_three.Length)
        {
            await rig.AdvanceAsync(0.25);
            attempts.Add(await rig.NextAsync());
        }

        return (connecting, attempts);
    }
}
