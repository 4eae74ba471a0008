using System.Globalization;
using System.Runtime.CompilerServices;

namespace TwistedPS.Tests;

// There is one meter in a process.
[Collection(RunsAlone.Name)]
public sealed class ProcessMeterTests
{
    private const string Echo = "twistedps.server.kind=LineServer twistedps.server.name=Echo";

    private const string ServerAttributes =
        "`twistedps.server.kind`, `twistedps.server.name`, `server.address`, `server.port`, `network.transport`";

    [Fact]
    public void The_instruments_are_those_of_the_page()
    {
        using MemoryRig rig = Rig();
        using var reader = new MeterReader();
        Assert.Equal(
            Page().Select(row => $"{row[0]} {row[1]} {row[2]}"),
            reader.Published.Select(it => $"`{it.Name}` {KindOf(it.GetType().Name)} `{it.Unit}`").Order(StringComparer.Ordinal));
        Assert.All(reader.Published, it => Assert.NotEmpty(it.Description!));
    }

    [Fact]
    public void The_attributes_are_those_of_the_page()
    {
        using var rig = new SocketRig(PollerKind.Auto);
        var web = new HttpServer(rig.Reactor, new HttpServerOptions(), HttpTestHandler.Counter());
        var datagrams = new DatagramServer(rig.Reactor, new DatagramOptions { LocalAddress = DatagramRig.Loopback() }, new RecordingDatagramHandler());
        MeteredReactors.Add(rig.Reactor);
        using var reader = new MeterReader();
        rig.Do(web.Start);
        rig.Do(datagrams.Start);
        rig.Reactor.Watch.TimesListener!.Check();
        rig.Do(() => rig.Server.Call(new HandlerCall(rig.Server, "OnTest"), null, 0, _ => { }));
        IEnumerable<string> found = reader.Read()
            .Select(heard => heard.Split(' ', 3))
            .Select(heard => $"`twistedps.{heard[0]}` {string.Join(", ", heard[2].Split(' ').Select(attribute => $"`{attribute.Split('=')[0]}`"))}")
            .Distinct()
            .Order(StringComparer.Ordinal);
        Assert.Equal(Page().Select(row => $"{row[0]} {row[3].Replace("server's", ServerAttributes, StringComparison.Ordinal)}"), found);
    }

    [Fact]
    public void A_server_has_what_it_counts()
    {
        using MemoryRig rig = Rig();
        MemoryPeer peer = rig.Connect();
        rig.Connect().Send("0\n0\nnone\n");
        peer.Send("0\n");
        using var reader = new MeterReader();
        Assert.Equal(
            [
                $"active_connections 2: {Echo}",
                $"accepted_connections 2: {Echo}",
                $"messages 4: {Echo} network.io.direction=receive",
                $"messages 3: {Echo} network.io.direction=transmit",
                $"network.io 11: {Echo} network.io.direction=receive",
                $"network.io 9: {Echo} network.io.direction=transmit",
                $"send_queue.size 0: {Echo}",
                $"handler.errors 1: {Echo}",
            ],
            reader.Read().Where(heard => !heard.StartsWith("reactor", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_a_peer_does_not_read_is_in_the_queue()
    {
        using MemoryRig rig = Rig();
        MemoryPeer peer = rig.Connect();
        using var reader = new MeterReader("send_queue.size");
        rig.Do(() =>
        {
            rig.Server.Connections[0].Write("12345");
            Assert.Equal([$"send_queue.size 5: {Echo}"], reader.Read());
        });
        peer.Send("0\n");
        Assert.Equal([$"send_queue.size 0: {Echo}"], reader.Read());
    }

    [Fact]
    public void A_server_on_a_port_says_where()
    {
        using var rig = new SocketRig(PollerKind.Auto);
        MeteredReactors.Add(rig.Reactor);
        using var reader = new MeterReader("active_connections");
        Assert.EndsWith($"server.address=127.0.0.1 server.port={rig.Server.Port} network.transport=tcp", Assert.Single(reader.Read()), StringComparison.Ordinal);
    }

    [UnixFact]
    public void A_server_at_a_UNIX_socket_says_where()
    {
        using var rig = new SocketRig(PollerKind.Auto, address: Address.OfPath($"@twistedps-{Guid.NewGuid()}"));
        MeteredReactors.Add(rig.Reactor);
        using var reader = new MeterReader("active_connections");
        Assert.EndsWith($"server.address={rig.Server.LocalAddress.Host} network.transport=unix", Assert.Single(reader.Read()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_of_datagrams_has_its_queue()
    {
        using var rig = new DatagramRig(PollerKind.Auto);
        MeteredReactors.Add(rig.Reactor);
        DatagramServer server = rig.Serve(new RecordingDatagramHandler(), isQueued: true);
        rig.Peer(server).Send([1, 2, 3]);
        rig.Until(() => server.WaitingDatagrams == 1);
        using var reader = new MeterReader("receive_queue.length", "dropped_messages", "network.io");
        string of = $"twistedps.server.kind=UdpServer twistedps.server.name={server.Name} server.address=127.0.0.1 server.port={server.Port} network.transport=udp";
        Assert.Equal(
            [
                $"dropped_messages 0: {of}",
                $"network.io 3: {of} network.io.direction=receive",
                $"network.io 0: {of} network.io.direction=transmit",
                $"receive_queue.length 1: {of}",
            ],
            reader.Read());
    }

    [Fact]
    public void A_web_server_has_its_requests()
    {
        using var rig = new HttpRig();
        MeteredReactors.Add(rig.Server.Reactor);
        rig.Get();
        rig.Ask(HttpMethod.Delete);
        rig.Until(() => rig.Server.RequestsUnderWay == 0);
        using var reader = new MeterReader("active_requests", "refused_requests", "messages");
        Assert.Equal(["active_requests 0", "refused_requests 1", "messages 1"], reader.Read().Select(heard => heard.Split(':')[0]));
    }

    [Fact]
    public void Clients_and_timers_have_no_metrics()
    {
        using MemoryRig rig = Rig();
        rig.Do(new ReactorTimer(rig.Reactor, new ReactorTimerOptions { Delay = TimeSpan.FromHours(1) }, new RecordingTimerHandler()).Start);
        using var reader = new MeterReader("handler.errors");
        Assert.Equal([$"handler.errors 0: {Echo}"], reader.Read());
    }

    [Fact]
    public void Handlers_are_measured_only_while_somebody_listens_to_their_times()
    {
        using MemoryRig rig = Rig();
        MemoryPeer peer = rig.Connect();
        peer.Send("1\n");
        using (var others = new MeterReader("messages", "network.io", "handler.errors"))
        {
            peer.Send("1\n");
            others.Read();
            rig.Advance(0.5);
            peer.Send("1\n");
        }

        Assert.Empty(rig.Server.Times.All);
        using (var reader = new MeterReader("handler.duration"))
        {
            rig.Advance(0.5);
            peer.Send("0.25\n");
            Assert.Equal([$"handler.duration 0.25: {Echo} twistedps.handler.name=OnLine"], reader.Read());
        }

        rig.Advance(0.5);
        peer.Send("2\n");
        Assert.Equal(1, rig.Server.Times.Of("OnLine").Times.Count);
    }

    [Fact]
    public void The_first_call_after_a_pause_is_measured_already()
    {
        using MemoryRig rig = Rig();
        MemoryPeer peer = rig.Connect();
        rig.Advance(1);
        rig.Advance(1);
        using var reader = new MeterReader("handler.duration");
        peer.Send("0.25\n");
        Assert.Equal([$"handler.duration 0.25: {Echo} twistedps.handler.name=OnLine"], reader.Read());
    }

    [Fact]
    public void What_a_listener_throws_is_noted_once_and_affects_no_handler()
    {
        using MemoryRig rig = Rig();
        MemoryPeer peer = rig.Connect();
        rig.Advance(1);
        rig.Advance(1);
        using var reader = new MeterReader("handler.duration") { OnHeard = () => throw new InvalidOperationException("No ear.") };
        peer.Send("0\n0\n");
        Assert.Equal(2, rig.Server.MessagesOut);
        LogEntry warning = Assert.Single(rig.Reactor.Log, entry => entry.Level == LogLevel.Warning);
        Assert.EndsWith("No ear.", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reactor_has_the_time_that_it_has_worked_while_somebody_listens()
    {
        using MemoryRig rig = Rig();
        MemoryPeer peer = rig.Connect();
        peer.Send("1\n");
        using var reader = new MeterReader("reactor.busy.time");
        Assert.Equal([$"reactor.busy.time 0: twistedps.reactor.id={rig.Reactor.Id}"], reader.Read());
        peer.Send("0.25\n");
        Assert.Equal([$"reactor.busy.time 0.25: twistedps.reactor.id={rig.Reactor.Id}"], reader.Read());
    }

    [Fact]
    public void A_reactor_that_has_ended_is_released_with_its_services()
    {
        using var reader = new MeterReader();
        (WeakReference reactor, WeakReference server) = EndOne(reader);
        Assert.Empty(reader.Read());
        for (int i = 0; i < 10 && (reactor.IsAlive || server.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(reactor.IsAlive);
        Assert.False(server.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Reactor, WeakReference Server) EndOne(MeterReader reader)
    {
        using MemoryRig rig = Rig();
        rig.Connect().Send("0\n");
        Assert.NotEmpty(reader.Read());
        return (new WeakReference(rig.Reactor), new WeakReference(rig.Server));
    }

    private static MemoryRig Rig()
    {
        MemoryRig rig = null!;
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                rig.Time.Advance(TimeSpan.FromSeconds(double.Parse(line, CultureInfo.InvariantCulture)));
                connection.Send(line);
            },
        };
        rig = new MemoryRig(handler, new ServerOptions { Name = "Echo" });
        MeteredReactors.Add(rig.Reactor);
        return rig;
    }

    private static string KindOf(string type) => type.Split('`')[0].Replace("Observable", "", StringComparison.Ordinal);

    /// <summary>Returns the rows of the table of instruments.</summary>
    private static IEnumerable<string[]> Page([CallerFilePath] string file = "") =>
        File.ReadLines(Path.Combine(Path.GetDirectoryName(file)!, "../../../docs/metrics.md"))
            .Where(line => line.StartsWith("| `twistedps.", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..])
            .OrderBy(row => row[0], StringComparer.Ordinal);
}
