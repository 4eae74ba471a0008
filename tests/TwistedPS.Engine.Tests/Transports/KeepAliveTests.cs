using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace TwistedPS.Tests;

public sealed class KeepAliveTests
{
    public static TheoryData<PollerKind, string> Everywhere
    {
        get
        {
            string[] addresses = Socket.OSSupportsIPv6 ? ["127.0.0.1", "::1"] : ["127.0.0.1"];
            var all = new TheoryData<PollerKind, string>();
            PollerKind[] pollers = OperatingSystem.IsLinux() ? [PollerKind.Epoll, PollerKind.Pool] : [PollerKind.Pool];
            foreach (PollerKind poller in pollers)
                Array.ForEach(addresses, address => all.Add(poller, address));
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Both_ends_are_probed_after_a_minute_unless_told_otherwise(PollerKind poller, string address) =>
        Assert.Equal(["60 10 5", "60 10 5"], await ConnectAsync(poller, address, new ServerOptions(), new ClientOptions()));

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Each_end_has_a_time_of_its_own(PollerKind poller, string address) => Assert.Equal(
        ["300 10 5", "2 2 5"],
        await ConnectAsync(
            poller,
            address,
            new ServerOptions { KeepAlive = TimeSpan.FromMinutes(5) },
            new ClientOptions { KeepAlive = TimeSpan.FromSeconds(1.5) }));

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task With_0_there_are_no_probes_and_no_time_is_too_long(PollerKind poller, string address) => Assert.Equal(
        ["off", "32767 10 5"],
        await ConnectAsync(
            poller,
            address,
            new ServerOptions { KeepAlive = TimeSpan.Zero },
            new ClientOptions { KeepAlive = TimeSpan.FromDays(10_000) }));

    /// <summary>Returns the options of the accepted socket and of the connected one.</summary>
    private static async Task<string[]> ConnectAsync(PollerKind poller, string address, ServerOptions serverOptions, ClientOptions clientOptions)
    {
        using var running = new RunningReactor(poller);
        Reactor reactor = running.Reactor;
        Address free = Address.From(new IPEndPoint(IPAddress.Parse(address), 0));
        var server = new LineServer(reactor, serverOptions with { Address = free }, new LineFormat(), new RecordingHandler());
        running.Invoke(server.Start);
        var client = new LineClient(reactor, clientOptions with { Host = address, Port = server.Port }, new LineFormat(), null);
        await client.ConnectAsync(CancellationToken.None).Soon();
        running.Until(() => server.ConnectionCount == 1);
        return running.Invoke(() => new[] { OptionsOf(server.Connections[0]), OptionsOf(client.Connection!) });
    }

    private static string OptionsOf(Connection connection)
    {
        FieldInfo carrier = typeof(Transport).GetField("_carrier", BindingFlags.Instance | BindingFlags.NonPublic)!;
        Socket socket = ((SocketCarrier)carrier.GetValue(connection.Transport)!).Socket;
        if ((int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)! == 0)
            return "off";
        return $"{Of(SocketOptionName.TcpKeepAliveTime)} {Of(SocketOptionName.TcpKeepAliveInterval)} {Of(SocketOptionName.TcpKeepAliveRetryCount)}";

        object? Of(SocketOptionName name) => socket.GetSocketOption(SocketOptionLevel.Tcp, name);
    }
}
