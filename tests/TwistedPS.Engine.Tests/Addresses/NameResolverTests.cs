using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Tests;

public sealed class NameResolverTests
{
    private static readonly TableResolver s_table = new(new Dictionary<string, IPAddress[]>(StringComparer.OrdinalIgnoreCase)
    {
        ["db.test"] = [IPAddress.Loopback],
    });

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    public async Task The_system_knows_this_machine(string name) =>
        Assert.Contains((await NameResolver.System.LookUpAsync(name, default).Soon()), IPAddress.IsLoopback);

    [Theory]
    [InlineData(300)]
    [InlineData(100)]
    public async Task A_name_longer_than_any_can_be_is_unknown_to_the_system(int length)
    {
        SocketException error = await Assert.ThrowsAsync<SocketException>(() => NameResolver.System.LookUpAsync(new string('a', length), default).Soon());
        Assert.Equal(SocketError.HostNotFound, error.SocketErrorCode);
    }

    [Fact]
    public async Task A_table_knows_its_names_in_any_case_and_no_others()
    {
        Assert.Equal([IPAddress.Loopback], await s_table.LookUpAsync("DB.Test", default));
        SocketException error = await Assert.ThrowsAsync<SocketException>(() => s_table.LookUpAsync("localhost", default));
        Assert.Equal(SocketError.HostNotFound, error.SocketErrorCode);
    }

    [Theory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_client_asks_the_resolver_of_its_reactor_each_time_it_connects(PollerKind poller)
    {
        using var rig = new SocketRig(poller, RecordingHandler.Echo());
        rig.Reactor.Resolver = s_table;
        using var client = new LineClient(
            rig.Reactor, new ClientOptions { Host = "db.test", Port = rig.Server.Port }, new LineFormat(), new RecordingHandler());
        await client.ConnectAsync(default).Soon();
        rig.Reactor.Resolver = new TableResolver(new Dictionary<string, IPAddress[]>());
        SocketException error = await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(default).Soon());
        Assert.Equal(SocketError.HostNotFound, error.SocketErrorCode);
    }
}
