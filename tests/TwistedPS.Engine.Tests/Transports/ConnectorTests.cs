using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace TwistedPS.Tests;

public sealed class ConnectorTests
{
    // A clock that stands still: whatever passes here has waited for no time.
    private readonly ManualClock _time = new();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("::ffff:127.0.0.1")]
    public Task It_connects_over_IPv4(string host) => ConnectsToAsync(IPAddress.Loopback, host);

    [IPv6Fact]
    public Task It_connects_over_IPv6() => ConnectsToAsync(IPAddress.IPv6Loopback, "::1");

    [IPv6Fact]
    public async Task It_connects_to_an_address_with_a_scope()
    {
        IPAddress? address = NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .FirstOrDefault(address => address.IsIPv6LinkLocal);
        if (address is not null)
            await ConnectsToAsync(address, address.ToString());
    }

    [IPv6Fact]
    public async Task Where_IPv6_refuses_IPv4_answers()
    {
        using Socket listener = Listen(IPAddress.Loopback);
        using Socket client = await Over(IPAddress.Loopback, IPAddress.IPv6Loopback)
            .ConnectAsync("name", PortOf(listener), Waiting.Limit, default).Soon();
        Assert.Equal(listener.LocalEndPoint, client.RemoteEndPoint);
    }

    [IPv6Fact]
    public async Task IPv6_goes_first()
    {
        using Socket listener = Listen(IPAddress.IPv6Loopback);
        using Socket client = await Over(IPAddress.Loopback, IPAddress.IPv6Loopback)
            .ConnectAsync("name", PortOf(listener), Waiting.Limit, default).Soon();
        Assert.Equal(listener.LocalEndPoint, client.RemoteEndPoint);
    }

    [Fact]
    public async Task It_connects_from_the_address_and_port_that_it_is_given()
    {
        using Socket listener = Listen(IPAddress.Loopback);
        var local = new IPEndPoint(IPAddress.Loopback, UnusedPort());
        using Socket client = await ConnectAsync("127.0.0.1", PortOf(listener), local).Soon();
        using Socket accepted = await listener.AcceptAsync().Soon();
        Assert.Equal(local, accepted.RemoteEndPoint);
    }

    [Theory]
    [InlineData("127.0.0.1", "::1")]
    [InlineData("::1", "127.0.0.1")]
    [InlineData("::1", "0.0.0.0")]
    public async Task It_does_not_connect_from_one_family_to_another(string host, string local)
    {
        SocketException error = await FailsAsync(host, 1234, new IPEndPoint(IPAddress.Parse(local), 0));
        Assert.Equal(SocketError.AddressFamilyNotSupported, error.SocketErrorCode);
    }

    [Fact]
    public void From_a_port_of_its_own_it_tries_one_address_at_a_time()
    {
        Assert.True(IsOneAtATime(new IPEndPoint(IPAddress.Any, 1234)));
        Assert.False(IsOneAtATime(new IPEndPoint(IPAddress.Loopback, 0)));
        Assert.False(IsOneAtATime(null));

        bool IsOneAtATime(IPEndPoint? local) =>
            Connector.Over(NameResolver.System, local, _time).OneAtATime;
    }

    [Fact]
    public async Task It_does_not_connect_from_an_address_of_another_machine()
    {
        using Socket listener = Listen(IPAddress.Loopback);
        SocketException error = await FailsAsync("127.0.0.1", PortOf(listener), new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0));
        Assert.Equal(SocketError.AddressNotAvailable, error.SocketErrorCode);
    }

    [Fact]
    public async Task A_name_longer_than_any_can_be_is_not_known()
    {
        SocketException error = await FailsAsync(new string('a', 300), 1234);
        Assert.Equal(SocketError.HostNotFound, error.SocketErrorCode);
    }

    [Fact]
    public async Task The_time_limit_goes_by_the_clock_that_it_is_given()
    {
        using var silent = new SilentListener();
        Task<Socket> connecting = ConnectAsync("127.0.0.1", silent.Port);
        _time.Advance(Waiting.Limit);
        await Assert.ThrowsAsync<TimeoutException>(() => connecting.Soon());
        Assert.Equal(0, _time.WaitingTimers);
    }

    private async Task ConnectsToAsync(IPAddress address, string host)
    {
        using Socket listener = Listen(address);
        using Socket client = await ConnectAsync(host, PortOf(listener)).Soon();
        using Socket accepted = await listener.AcceptAsync().Soon();
        Assert.Equal(accepted.LocalEndPoint, client.RemoteEndPoint);
        Assert.Equal(accepted.RemoteEndPoint, client.LocalEndPoint);
        Assert.Equal(address, ((IPEndPoint)client.RemoteEndPoint!).Address);
        Assert.Equal(0, _time.WaitingTimers);
    }

    private Task<Socket> ConnectAsync(string host, int port, IPEndPoint? local = null) =>
        Connector.Over(NameResolver.System, local, _time).ConnectAsync(host, port, Waiting.Limit, default);

    private Task<SocketException> FailsAsync(string host, int port, IPEndPoint? local = null) =>
        Assert.ThrowsAsync<SocketException>(() => ConnectAsync(host, port, local).Soon());

    private HappyEyeballs<Socket> Over(params IPAddress[] addresses) =>
        Connector.Over(new TableResolver(new Dictionary<string, IPAddress[]> { ["name"] = addresses }), null, _time);

    private static Socket Listen(IPAddress address)
    {
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen();
        return listener;
    }

    private static int UnusedPort()
    {
        using Socket listener = Listen(IPAddress.Loopback);
        return PortOf(listener);
    }

    private static int PortOf(Socket listener) => ((IPEndPoint)listener.LocalEndPoint!).Port;
}
