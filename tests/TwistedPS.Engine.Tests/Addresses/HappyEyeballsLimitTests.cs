using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Tests;

public sealed class HappyEyeballsLimitTests
{
    private static readonly string[] s_three = ["192.0.2.1", "192.0.2.2", "192.0.2.3"];

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("fe80::1%3", "fe80::1%3")]
    [InlineData("::ffff:127.0.0.1", "127.0.0.1")]
    public async Task An_address_is_not_looked_up(string host, string tried)
    {
        var rig = new HappyEyeballsRig();
        Task<FakeAttempt> connecting = rig.ConnectAsync(host);
        FakeAttempt attempt = await rig.NextAsync();
        Assert.Equal(new IPEndPoint(IPAddress.Parse(tried), HappyEyeballsRig.Port), attempt.EndPoint);
        await attempt.ConnectAsync();
        await connecting.Soon();
        Assert.Empty(rig.LookedUp);
    }

    [Fact]
    public async Task A_name_is_looked_up_once()
    {
        var rig = new HappyEyeballsRig();
        Task<FakeAttempt> connecting = rig.ConnectAsync("name");
        rig.Lookup.SetResult([IPAddress.Loopback]);
        await (await rig.NextAsync()).ConnectAsync();
        await connecting.Soon();
        Assert.Equal(["name"], rig.LookedUp);
    }

    [Fact]
    public async Task The_error_of_the_lookup_is_handed_on()
    {
        var rig = new HappyEyeballsRig();
        Task<FakeAttempt> connecting = rig.ConnectAsync("name");
        rig.Lookup.SetException(new SocketException((int)SocketError.TryAgain));
        var error = await Assert.ThrowsAsync<SocketException>(() => connecting.Soon());
        Assert.Equal(SocketError.TryAgain, error.SocketErrorCode);
        Assert.Equal(0, rig.Time.WaitingTimers);
    }

    [Fact]
    public async Task A_name_without_addresses_is_an_error()
    {
        var rig = new HappyEyeballsRig();
        var error = await Assert.ThrowsAsync<SocketException>(() => rig.ConnectAsync([]).Soon());
        Assert.Equal(SocketError.NoData, error.SocketErrorCode);
    }

    [Fact]
    public async Task The_time_limit_ends_a_lookup_that_can_not_be_interrupted()
    {
        var rig = new HappyEyeballsRig();
        Task<FakeAttempt> connecting = rig.ConnectAsync("name");
        await rig.AdvanceAsync(29.999);
        Assert.False(connecting.IsCompleted);
        await rig.AdvanceAsync(0.001);
        var error = await Assert.ThrowsAsync<TimeoutException>(() => connecting.Soon());
        Assert.Equal("name:1234 did not answer within 30 s.", error.Message);
        Assert.Equal(0, rig.Time.WaitingTimers);
    }

    [Fact]
    public async Task The_time_limit_is_for_the_lookup_and_all_attempts_together()
    {
        var rig = new HappyEyeballsRig();
        Task<FakeAttempt> connecting = rig.ConnectAsync("name");
        await rig.AdvanceAsync(20);
        await Task.Run(() => rig.Lookup.SetResult([IPAddress.Loopback, IPAddress.IPv6Loopback]));
        FakeAttempt first = await rig.NextAsync();
        await rig.AdvanceAsync(5);
        FakeAttempt second = await rig.NextAsync();
        await rig.AdvanceAsync(4.999);
        Assert.False(connecting.IsCompleted);
        await rig.AdvanceAsync(0.001);
        await Assert.ThrowsAsync<TimeoutException>(() => connecting.Soon());
        Assert.True(first.IsCancelled && second.IsCancelled);
        Assert.Equal(0, rig.Time.WaitingTimers);
    }

    [Fact]
    public async Task The_lookup_can_be_cancelled()
    {
        var rig = new HappyEyeballsRig();
        using var cancel = new CancellationTokenSource();
        Task<FakeAttempt> connecting = rig.ConnectAsync("name", cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon());
        Assert.Equal(0, rig.Time.WaitingTimers);
    }

    [Fact]
    public async Task What_is_cancelled_beforehand_starts_nothing()
    {
        var rig = new HappyEyeballsRig();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => rig.ConnectAsync("127.0.0.1", new CancellationToken(canceled: true)).Soon());
        Assert.False(rig.HasStartedAnother);
    }

    [Fact]
    public async Task The_attempts_can_be_cancelled_and_none_is_started_then()
    {
        var rig = new HappyEyeballsRig();
        using var cancel = new CancellationTokenSource();
        Task<FakeAttempt> connecting = rig.ConnectAsync(s_three, cancel.Token);
        FakeAttempt first = await rig.NextAsync();
        await rig.AdvanceAsync(0.25);
        FakeAttempt second = await rig.NextAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon());
        Assert.True(first.IsCancelled && second.IsCancelled);
        Assert.False(rig.HasStartedAnother);
        Assert.Equal(0, rig.Time.WaitingTimers);
    }

    [Fact]
    public async Task What_connects_in_the_moment_of_cancelling_is_handed_over_or_closed()
    {
        var rig = new HappyEyeballsRig { ConnectsWhenCancelled = true };
        using var cancel = new CancellationTokenSource();
        Task<FakeAttempt> connecting = rig.ConnectAsync(s_three, cancel.Token);
        FakeAttempt first = await rig.NextAsync();
        await rig.AdvanceAsync(0.25);
        FakeAttempt second = await rig.NextAsync();
        await cancel.CancelAsync();
        _ = await Record.ExceptionAsync(() => connecting.Soon());
        FakeAttempt? handedOver = connecting.IsCompletedSuccessfully ? await connecting : null;
        Assert.All([first, second], attempt => Assert.Equal(attempt != handedOver, attempt.IsClosed));
    }
}
