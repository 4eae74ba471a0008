using System.Net.Sockets;

namespace TwistedPS.Tests;

public sealed class UnixConnectorTests
{
    private readonly ManualClock _time = new();
    private readonly Address _address = Carrier.Unix.Address();

    [UnixFact]
    public async Task It_connects()
    {
        using Socket listener = Listen(10);
        using Socket client = await ConnectAsync().Soon();
        using Socket accepted = await listener.AcceptAsync().Soon();
        Assert.Equal("unix", Address.From(accepted.RemoteEndPoint).ToString());
        Assert.Equal(_address, Address.From(client.RemoteEndPoint));
    }

    [UnixFact]
    public async Task Where_nobody_listens_it_is_refused()
    {
        SocketException error = await Assert.ThrowsAsync<SocketException>(() => ConnectAsync().Soon());
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }

    [UnixFact]
    public async Task It_waits_for_room_where_too_many_wait_to_be_accepted()
    {
        using Socket listener = Listen(0);
        using Socket first = await ConnectAsync().Soon();
        Task<Socket> second = ConnectAsync();
        Until(() => _time.WaitingTimers == 2);
        using Socket accepted = await listener.AcceptAsync().Soon();
        _time.Advance(TimeSpan.FromMilliseconds(10));
        using Socket client = await second.Soon();
    }

    [UnixFact]
    public async Task It_gives_up_at_the_time_limit()
    {
        using Socket listener = Listen(0);
        using Socket first = await ConnectAsync().Soon();
        Task<Socket> second = ConnectAsync();
        Until(() => _time.WaitingTimers == 2);
        _time.Advance(Waiting.Limit);
        TimeoutException error = await Assert.ThrowsAsync<TimeoutException>(() => second.Soon());
        Assert.Equal($"{_address} did not answer within 30 s.", error.Message);
        Assert.Equal(0, _time.WaitingTimers);
    }

    [UnixFact]
    public async Task It_can_be_cancelled()
    {
        using Socket listener = Listen(0);
        using Socket first = await ConnectAsync().Soon();
        using var cancel = new CancellationTokenSource();
        Task<Socket> second = ConnectAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.Soon());
    }

    [UnixFact]
    public async Task A_path_that_is_too_long_is_named_with_its_length()
    {
        SocketException error = await Assert.ThrowsAsync<SocketException>(
            () => UnixConnector.ConnectAsync("/" + new string('x', 107), Waiting.Limit, _time, default).Soon());
        Assert.Equal(SocketError.InvalidArgument, error.SocketErrorCode);
        Assert.Contains("108 bytes", error.Message);
        error = await Assert.ThrowsAsync<SocketException>(
            () => UnixConnector.ConnectAsync("/" + new string('x', 106), Waiting.Limit, _time, default).Soon());
        Assert.Equal(SocketError.AddressNotAvailable, error.SocketErrorCode);
    }

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Waiting.Limit));

    private Task<Socket> ConnectAsync(CancellationToken cancel = default) =>
        UnixConnector.ConnectAsync(_address.Host, Waiting.Limit, _time, cancel);

    private Socket Listen(int backlog)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(_address.EndPoint!);
        listener.Listen(backlog);
        return listener;
    }
}
