using System.Globalization;

namespace TwistedPS.Bench;

/// <summary>All loads, in the order of the page.</summary>
internal static class AllLoads
{
    private const int LineLength = 64;

    private static readonly Metric[] s_flow =
    [
        Metric.LinesPerSecond, Metric.MegabytesPerSecond, Metric.P50, Metric.P90, Metric.P99,
        Metric.Cores, Metric.CpuPerLine, Metric.Memory,
    ];

    private static readonly Metric[] s_visits =
    [
        Metric.ConnectionsPerSecond, Metric.P50, Metric.P90, Metric.P99,
        Metric.Cores, Metric.CpuPerLine, Metric.Memory,
    ];

    private static readonly Metric[] s_waiting =
        [Metric.P50, Metric.P90, Metric.P99, Metric.P99OfTen, Metric.Cores, Metric.IdleCores, Metric.Memory];

    private static readonly Metric[] s_requests =
        [Metric.LinesPerSecond, Metric.P50, Metric.P99, Metric.Cores, Metric.CpuPerLine, Metric.Memory];

    private static readonly Metric[] s_growth =
        [Metric.LinesPerSecond, Metric.MegabytesPerSecond, Metric.CpuPerLine, Metric.Memory];

    private static readonly string[] s_modulesAndTwisted = [Peers.Module, Peers.PortableModule, Peers.Twisted];

    private static readonly string[] s_curvePeers = [Peers.Module, Peers.Twisted];

    public static IReadOnlyList<Load> All { get; } =
    [
        new("one", "1 connection, ping-pong",
            "One connection sends a line whenever the reply to the last one is there.",
            s_flow, new OneByOne(LineLength)),
        new("fifty", "50 connections, ping-pong",
            "Fifty connections do that at once.",
            s_flow, new ManyAtOnce(50, 1, () => Scripts.Echo(LineLength))),
        new("pipelined", "50 connections, 64 in flight",
            "Fifty connections keep 64 lines each under way.",
            s_flow, new ManyAtOnce(50, 64, () => Scripts.Echo(LineLength))),
        new("connect", "Connect, send, close",
            "Connect, send a line, receive the reply, close; 16 at a time. The latency is that of the whole visit.",
            s_visits, new ConnectSendClose(16, LineLength)),
        new("work", "Work in the handler, 50 × 64",
            """
            Fifty connections keep 64 commands each under way, which regular expressions tell apart: add two numbers, upper
            case, length, echo, and one in ten unknown.
            """,
            s_flow, new ManyAtOnce(50, 64, () => Scripts.Work(LineLength), Handler.Work)),
        .. HandlerLoads.All,
        Framed("framed", "Messages with a length: 50 connections, ping-pong", 1,
            "Fifty connections send a message with its length before it whenever the reply to the last one is there."),
        Framed("framed-pipelined", "Messages with a length: 50 connections, 64 in flight", 64,
            "Fifty connections keep 64 such messages each under way."),
        Broadcast("broadcast", "Broadcast to 1,000", 1, "One connection sends a line whenever all of 1,000 connections have the one before;"),
        Broadcast("broadcast-4", "Broadcast to 1,000, 4 in flight", 4, "One connection keeps four such lines under way, which a server may send together;"),
        new("idle-2000", "2,000 idle, 1 active",
            "One connection sends a line a millisecond beside 2,000 that are silent.",
            [.. s_waiting, Metric.BytesPerConnection], new IdleCrowd(2_000, LineLength)),
        new("idle-10000", "10,000 idle, 1 active",
            "The same beside 10,000; before that beside nine, to compare.",
            [Metric.BytesPerConnection, .. s_waiting], new IdleCrowd(10_000, LineLength)),
        .. Encrypted(),
        Unix("unix-fifty", "UNIX socket: 50 connections, ping-pong", 1, "Fifty connections over a UNIX socket send a line whenever the reply to the last one is there."),
        Unix("unix-pipelined", "UNIX socket: 50 connections, 64 in flight", 64, "Fifty connections over a UNIX socket keep 64 lines each under way."),
        Datagrams("datagrams", "Datagrams, 50 in ping-pong", 1, "Fifty UDP sockets send a datagram whenever the reply to the last one is there;"),
        Datagrams("datagrams-4", "Datagrams, 50 × 4 in flight", 4, "Fifty UDP sockets keep four datagrams each under way;"),
        .. Relayed(),
        Redis("resp", "Redis's benchmark, 50 in ping-pong", 1, "Fifty connections of redis-benchmark set and get values, one at a time;"),
        Redis("resp-16", "Redis's benchmark, 50 × 16 in flight", 16, "Fifty connections of redis-benchmark keep sixteen such requests each under way;"),
        .. CostlyLoads.All,
        .. SeedLoads.All,
        .. from connections in new[] { 1, 10, 100, 1_000, 10_000 } select Connections(connections),
        .. from length in new[] { 16, 64, 256, 1_024, 4_096, 16_384 } select Length(length),
    ];

    private static IEnumerable<Load> Encrypted()
    {
        Load[] all =
        [
            new("tls-one", "TLS: 1 connection, ping-pong", "One connection over TLS sends a line whenever the reply to the last one is there.",
                s_flow, new TlsSweep(1, 1, LineLength)),
            new("tls-fifty", "TLS: 50 connections, ping-pong", "Fifty connections over TLS have a line each under way.",
                s_flow, new TlsSweep(50, 1, LineLength)),
            new("tls-bulk", "TLS: bulk, lines of 16 KB", "One connection over TLS sends long lines all the time, of which 64 are under way at most.",
                [Metric.MegabytesPerSecond, Metric.LinesPerSecond, Metric.Cores, Metric.CpuPerLine, Metric.Memory],
                new TlsBulk(64, 16_000)),
            new("tls-full", "TLS: full handshakes", "Connect, shake hands, send a line, receive the reply, close; 4 at a time.",
                s_visits, new TlsVisits(resumes: false)),
            new("tls-resumed", "TLS: resumed handshakes", "The same, with sessions that are resumed.",
                s_visits, new TlsVisits(resumes: true)),
            new("tls-idle", "TLS: 1,000 idle", "One connection over TLS is in ping-pong beside 1,000 that are silent.",
                [Metric.BytesPerConnection, Metric.P50, Metric.P99, Metric.Memory], new TlsIdle(1_000)),
        ];
        return all.Select(load => load with { Peers = s_curvePeers });
    }

    private static IEnumerable<Load> Relayed()
    {
        Load[] all =
        [
            new("relay-fifty", "Relay: 50 connections, ping-pong", "Fifty connections through a relay to an echo server have a line each under way.",
                s_flow, new ManyAtOnce(50, 1, () => Scripts.Echo(LineLength), Handler.Relay)),
            new("relay-bulk", "Relay: bulk, lines of 16 KB", "Four connections through a relay to an echo server keep 16 long lines each under way.",
                [Metric.MegabytesPerSecond, Metric.LinesPerSecond, Metric.Cores, Metric.CpuPerLine, Metric.Memory],
                new ManyAtOnce(4, 16, () => Scripts.Echo(16_000), Handler.Relay)),
        ];
        return all.Select(load => load with { Peers = [.. s_modulesAndTwisted, Peers.Socat] });
    }

    private static Load Framed(string name, string title, int window, string how) => new(
        name, title, how, s_flow, new ManyAtOnce(50, window, () => Scripts.Echo(LineLength, isFramed: true), Handler.Framed))
    {
        Peers = s_modulesAndTwisted,
    };

    private static Load Broadcast(string name, string title, int window, string how) => new(
        name, title, $"{how} every line delivered counts.", s_flow, new Broadcasting(1_000, window, LineLength));

    private static Load Unix(string name, string title, int window, string how) =>
        new(name, title, how, s_flow, new ManyAtOnce(50, window, () => Scripts.Echo(LineLength), Handler.Unix)) { Peers = s_modulesAndTwisted };

    private static Load Datagrams(string name, string title, int window, string how) => new(
        name, title, $"{how} each counts as a line.", s_flow, new ManyDatagrams(50, window, LineLength))
    {
        Peers = s_modulesAndTwisted,
    };

    private static Load Redis(string name, string title, int window, string how) => new(
        name, title, $"{how} each request counts as a line.", s_requests, new RedisBenchmark(50, window))
    {
        Peers = s_modulesAndTwisted,
    };

    private static Load Connections(int count)
    {
        string title = count.ToString("N0", CultureInfo.InvariantCulture) + (count == 1 ? " connection" : " connections");
        return new Load($"connections-{count}", title, "Each connection is in ping-pong.",
            s_growth, new ManyAtOnce(count, 1, () => Scripts.Echo(LineLength)))
        {
            Curve = Curve.Connections,
            Peers = s_curvePeers,
        };
    }

    private static Load Length(int bytes)
    {
        string title = "lines of " + (bytes < 1_024 ? $"{bytes} B" : $"{bytes / 1_024} KB");
        return new Load($"length-{bytes}", title, "Fifty connections keep 8 lines each under way.",
            s_growth, new ManyAtOnce(50, 8, () => Scripts.Echo(bytes)))
        {
            Curve = Curve.Length,
            Peers = s_curvePeers,
        };
    }
}
