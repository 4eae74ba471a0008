using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Tests;

/// <summary>Datagrams over UNIX sockets, on the systems that have them.</summary>
public sealed class UnixDatagramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("twistedps").FullName;

    private string SocketPath => Path.Combine(_folder, "x.sock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [UnixTheory]
    [ClassData(typeof(PollerKinds))]
    public void A_server_and_a_client_talk_and_leave_no_file(PollerKind poller)
    {
        using var rig = new DatagramRig(poller);
        var handler = new RecordingDatagramHandler();
        DatagramServer server = rig.Serve(RecordingDatagramHandler.Echo(), At(SocketPath));
        DatagramClient client = rig.Connect(Address.OfPath(SocketPath), handler);
        foreach (int length in new[] { 0, 1, 65507 })
            rig.Do(() => client.Send(new byte[length]));
        rig.Until(() => handler.Arrived.Count == 3);
        Assert.Equal([0, 1, 65507], handler.Arrived.Select(it => it.Data.Length));
        Assert.Equal(SocketPath, $"{handler.Arrived.First().Peer}");
        Assert.Equal((0, SocketPath), (server.Port, $"{server.LocalAddress}"));
        DatagramRig.Stop(client);
        DatagramRig.Stop(server);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [UnixTheory]
    [ClassData(typeof(PollerKinds))]
    public void The_file_has_the_mode_asked_for(PollerKind poller)
    {
        using var rig = new DatagramRig(poller);
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite;
        rig.Serve(new RecordingDatagramHandler(), At(SocketPath) with { FileMode = Mode });
        Assert.Equal(Mode, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(SocketPath));
    }

    [UnixTheory]
    [ClassData(typeof(PollerKinds))]
    public void A_file_that_nobody_serves_is_replaced_and_one_that_is_served_is_not(PollerKind poller)
    {
        using var rig = new DatagramRig(poller);
        using (var stale = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified))
        {
            stale.Bind(new UnixDomainSocketEndPoint(SocketPath));
            File.Move(SocketPath, SocketPath + ".kept");
        }

        File.Move(SocketPath + ".kept", SocketPath);
        DatagramServer server = rig.Serve(RecordingDatagramHandler.Echo(), At(SocketPath));
        SocketException error = Assert.Throws<SocketException>(() => rig.Serve(new RecordingDatagramHandler(), At(SocketPath)));
        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
        var handler = new RecordingDatagramHandler();
        DatagramClient client = rig.Connect(Address.OfPath(SocketPath), handler);
        rig.Do(() => client.Send("still there"));
        rig.Until(() => handler.Arrived.Count == 1);
        DatagramRig.Stop(server);
        File.WriteAllText(SocketPath, "precious");
        Assert.Throws<SocketException>(() => rig.Serve(new RecordingDatagramHandler(), At(SocketPath)));
        Assert.Equal("precious", File.ReadAllText(SocketPath));
    }

    [LinuxTheory]
    [ClassData(typeof(PollerKinds))]
    public void An_abstract_name_needs_no_file(PollerKind poller)
    {
        string name = $"@twistedps-test-{Guid.NewGuid():N}";
        using var rig = new DatagramRig(poller);
        var handler = new RecordingDatagramHandler();
        DatagramServer server = rig.Serve(RecordingDatagramHandler.Echo(), At(name));
        DatagramClient client = rig.Connect(Address.OfPath(name), handler);
        rig.Do(() => client.Send("abstract"));
        rig.Until(() => handler.Arrived.Count == 1);
        Assert.Equal(name, $"{server.LocalAddress}");
        Assert.Equal(name, handler.Arrived.First().Peer.Address);
    }

    [UnixTheory]
    [ClassData(typeof(PollerKinds))]
    public void A_sender_without_a_name_is_heard_and_can_not_be_answered(PollerKind poller)
    {
        Exception? error = null;
        var handler = new RecordingDatagramHandler();
        handler.OnDatagram = (peer, _) => error = Record.Exception(() => peer.Send("answer"));
        using var rig = new DatagramRig(poller);
        rig.Serve(handler, At(SocketPath));
        Socket nobody = rig.UnixPeer(null);
        nobody.SendTo("one"u8, new UnixDomainSocketEndPoint(SocketPath));
        nobody.SendTo("two"u8, new UnixDomainSocketEndPoint(SocketPath));
        rig.Until(() => handler.Arrived.Count == 2);
        Assert.IsType<NotConnectedException>(error);
        DatagramPeer peer = handler.Arrived.First().Peer;
        Assert.Equal((false, "unix"), (peer.CanBeAnswered, $"{peer}"));
        Assert.Equal("two", Encoding.ASCII.GetString(handler.Arrived.Last().Data));
    }

    [UnixTheory]
    [ClassData(typeof(PollerKinds))]
    public void One_longer_than_any_network_carries_is_dropped_not_cut(PollerKind poller)
    {
        var handler = new RecordingDatagramHandler();
        using var rig = new DatagramRig(poller);
        DatagramServer server = rig.Serve(handler, At(SocketPath));
        Socket peer = rig.UnixPeer(null);
        foreach (int length in new[] { 65535, 65536, 100_000, 7 })
            peer.SendTo(new byte[length], new UnixDomainSocketEndPoint(SocketPath));
        rig.Until(() => handler.Arrived.Count + server.Dropped == 4);
        Assert.Equal([65535, 7], handler.Arrived.Select(it => it.Data.Length));
        Assert.Single(server.Log, entry => entry.Level == LogLevel.Warning);
    }

    [UnixTheory]
    [ClassData(typeof(PollerKinds))]
    public void What_a_peer_has_no_room_for_waits_and_arrives_in_order(PollerKind poller)
    {
        const int Count = 2000;
        using var rig = new DatagramRig(poller);
        Socket slow = rig.UnixPeer(SocketPath);
        DatagramClient client = rig.Connect(Address.OfPath(SocketPath), new RecordingDatagramHandler());
        rig.Do(() =>
        {
            for (int i = 0; i < Count; i++)
                client.Send($"{i}");
            Assert.InRange(client.DatagramsOut, 1, Count - 1);
        });
        for (int i = 0; i < Count; i++)
            Assert.Equal($"{i}", DatagramRig.ReceiveText(slow));
        Assert.Equal(0, client.Dropped);
    }

    [UnixTheory]
    [ClassData(typeof(PollerKinds))]
    public void What_does_not_fit_into_the_send_buffer_is_dropped_and_counted(PollerKind poller)
    {
        const int Count = 2000;
        using var rig = new DatagramRig(poller);
        Socket slow = rig.UnixPeer(SocketPath);
        DatagramClient client = rig.Connect(Address.OfPath(SocketPath), new RecordingDatagramHandler(), new DatagramOptions { SendBufferLimit = 1280 });
        rig.Do(() =>
        {
            for (int i = 0; i < Count; i++)
                client.Send([]);
        });
        long dropped = client.Dropped;
        Assert.InRange(dropped, 1, Count - 1);
        for (int i = 0; i < Count - dropped; i++)
            Assert.Empty(DatagramRig.Receive(slow));
        rig.Until(() => client.DatagramsOut == Count - dropped);
        Assert.Single(client.Log, entry => entry.Level == LogLevel.Warning);
    }

    [UnixTheory]
    [ClassData(typeof(PollerKinds))]
    public void One_peer_that_does_not_read_holds_up_no_other(PollerKind poller)
    {
        var handler = new RecordingDatagramHandler();
        using var rig = new DatagramRig(poller);
        DatagramServer server = rig.Serve(handler, At(SocketPath));
        Socket stuck = rig.UnixPeer(Path.Combine(_folder, "stuck"));
        Socket other = rig.UnixPeer(Path.Combine(_folder, "other"));
        handler.OnDatagram = (peer, _) =>
        {
            for (int i = 0; i < (peer.Address.EndsWith("stuck", StringComparison.Ordinal) ? 20_000 : 1); i++)
                peer.Send("x");
        };
        stuck.SendTo("go"u8, new UnixDomainSocketEndPoint(SocketPath));
        rig.Until(() => server.Dropped > 0);
        other.SendTo("go"u8, new UnixDomainSocketEndPoint(SocketPath));
        Assert.Equal("x", DatagramRig.ReceiveText(other));
    }

    [UnixTheory]
    [ClassData(typeof(PollerKinds))]
    public void A_stop_waits_for_what_is_to_be_sent_up_to_its_time(PollerKind poller)
    {
        using var rig = new DatagramRig(poller);
        Socket slow = rig.UnixPeer(SocketPath);
        DatagramClient client = rig.Connect(Address.OfPath(SocketPath), new RecordingDatagramHandler());
        rig.Do(() =>
        {
            for (int i = 0; i < 1000; i++)
                client.Send("x");
        });
        Task stopped = client.StopAsync(10 * Waiting.Limit);
        for (int i = 0; i < 1000; i++)
            Assert.Equal("x", DatagramRig.ReceiveText(slow));
        Assert.True(stopped.Wait(Waiting.Limit));
        DatagramClient other = rig.Connect(Address.OfPath(SocketPath), new RecordingDatagramHandler());
        rig.Do(() =>
        {
            for (int i = 0; i < 1000; i++)
                other.Send("x");
        });
        DatagramRig.Stop(other, TimeSpan.Zero);
        Assert.Equal(1000, other.DatagramsOut + other.Dropped);
    }

    private static DatagramOptions At(string path) => new() { LocalAddress = Address.OfPath(path) };
}
