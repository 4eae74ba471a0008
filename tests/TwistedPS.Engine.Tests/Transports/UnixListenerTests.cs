using System.Runtime.Versioning;

namespace TwistedPS.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class UnixListenerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("twistedps").FullName;

    private Address SocketAddress => Address.OfPath(Path.Combine(_folder, "x.sock"));

    [UnixTheory]
    [ClassData(typeof(PollerKinds))]
    public void The_file_is_there_while_the_server_is_and_gone_when_it_stops(PollerKind poller)
    {
        using var rig = new SocketRig(poller, RecordingHandler.Echo(), new ServerOptions { FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }, address: SocketAddress);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SocketAddress.Host));
        using SocketPeer peer = rig.Connect();
        peer.Send("a\n");
        peer.Expect("a\r\n");
        Assert.Equal((SocketAddress, SocketAddress.Host, 0), (rig.Server.LocalAddress, rig.Server.LocalAddress.Host, rig.Server.Port));
        rig.Stop();
        Assert.False(File.Exists(SocketAddress.Host));
        File.WriteAllText(SocketAddress.Host, "next");
        rig.Stop();
        Assert.True(File.Exists(SocketAddress.Host));
    }

    [UnixTheory]
    [ClassData(typeof(PollerKinds))]
    public void The_file_is_gone_when_the_start_fails_or_the_reactor_ends(PollerKind poller)
    {
        using var running = new RunningReactor(poller);
        var failing = new LineServer(running.Reactor, new ServerOptions { Address = SocketAddress }, new LineFormat(), new RecordingHandler { OnStart = _ => throw new InvalidOperationException() });
        Assert.Throws<InvalidOperationException>(() => running.Invoke(failing.Start));
        Assert.False(File.Exists(SocketAddress.Host));
        var server = new LineServer(running.Reactor, new ServerOptions { Address = SocketAddress }, new LineFormat(), new RecordingHandler());
        running.Invoke(server.Start);
        Assert.True(File.Exists(SocketAddress.Host));
        running.Dispose();
        Assert.False(File.Exists(SocketAddress.Host));
    }

    [UnixTheory]
    [ClassData(typeof(PollerKinds))]
    public void A_peer_has_a_process_and_a_user(PollerKind poller)
    {
        using var rig = new SocketRig(poller, address: SocketAddress);
        using SocketPeer peer = rig.Connect();
        rig.Until("connect 0");
        LineConnection connection = rig.Server.Connections.Single();
        Assert.Equal(Environment.ProcessId, connection.PeerCredential!.ProcessId);
        Assert.Equal(("unix", null), (connection.RemoteAddress.ToString(), connection.Address));
        peer.Close();
        rig.Until("disconnect 0: Done");
        Assert.Equal(Environment.ProcessId, connection.PeerCredential.ProcessId);
    }

    [UnixTheory]
    [ClassData(typeof(PollerKinds))]
    public void The_limit_for_an_address_is_one_for_a_user(PollerKind poller)
    {
        using var rig = new SocketRig(poller, options: new ServerOptions { MaxConnectionsPerAddress = 1 }, address: SocketAddress);
        SocketPeer first = rig.Connect();
        rig.Until("connect 0");
        using SocketPeer second = rig.Connect();
        Assert.Equal("", second.ReceiveToEnd());
        first.Close();
        rig.Until(() => rig.Server.ConnectionCount == 0);
        using SocketPeer third = rig.Connect();
        rig.Until("connect 2");
    }

    [UnixTheory]
    [ClassData(typeof(PollerKinds))]
    public async Task A_client_that_loses_its_server_connects_again_to_the_next_at_its_path(PollerKind poller)
    {
        var handler = new RecordingHandler();
        using var running = new RunningReactor(poller);
        var options = new ClientOptions { Host = SocketAddress.Host, Reconnect = ReconnectPolicy.Fixed(TimeSpan.FromMilliseconds(1)) };
        using var client = new LineClient(running.Reactor, options, new LineFormat(), handler);
        using (var rig = new SocketRig(poller, address: SocketAddress))
            await client.ConnectAsync(CancellationToken.None).Soon();
        using (var rig = new SocketRig(poller, RecordingHandler.Echo(), address: SocketAddress))
            rig.Until(() => rig.Server.ConnectionCount == 1);
        Assert.Equal($"line client {client.Name} ({SocketAddress})", client.Description);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
