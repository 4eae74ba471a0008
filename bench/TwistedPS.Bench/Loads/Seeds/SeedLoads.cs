namespace TwistedPS.Bench;

/// <summary>
/// The loads of the systems that articles on Twisted describe: the examples of this repository, and programs in Twisted that do
/// the same.
/// </summary>
internal static class SeedLoads
{
    private const int Crowd = 10_000;

    private static readonly Metric[] s_metrics =
        [Metric.LinesPerSecond, Metric.P50, Metric.P99, Metric.Cores, Metric.CpuPerLine, Metric.Memory];

    private static readonly Metric[] s_visits =
        [Metric.ConnectionsPerSecond, Metric.P50, Metric.P99, Metric.Cores, Metric.CpuPerLine, Metric.Memory];

    public static IReadOnlyList<Load> All { get; } =
    [
        Of("chat", "Chat: 10,000 clients", "Two of 10,000 clients of the example join channels and leave them; every line delivered counts.",
            s_metrics, new Chatting(Handler.Chat, 1, Crowd)),
        Of("chat-cluster", "Chat: 10,000 clients on two nodes", """
            The same clients, half of them on each of two processes, which a broker makes one chat. Two clients of each process talk. The
            CPU time is that of both processes; the broker's is not in it. Twisted has nothing of its own for this.
            """,
            s_metrics, new Chatting(Handler.ChatNode, 2, Crowd)) with { Peers = [Peers.Module, Peers.PortableModule] },
        Outage("outage-broker", "Chat on two nodes: the broker is killed", isOfNode: false, "from its return, until all hear each other."),
        Outage("outage-node", "Chat on two nodes: a node is killed", isOfNode: true, "from the time when another one serves, until all hear each other."),
        Of("cars", "Cars", "Connect to the example, receive the list of cars, and its end; 16 at a time.",
            s_visits, new CarVisits(16)),
        Of("counter", "Web counter", "Fifty connections ask the example for a page whenever they have the one before; each request counts as a line.",
            s_metrics, new CounterRequests(50)),
        Of("commands", "Command server", "Fifty connections keep 64 commands each under way that the example does not know.",
            s_metrics, new ManyAtOnce(50, 64, () => Scripts.Repeat("test", "Command not found.", lineEnd: "\n"), Handler.Commands)),
        Of("text", "Text server", "Fifty connections keep 64 lines each under way, to which the example says hello.",
            s_metrics, new ManyAtOnce(50, 64, () => Scripts.Repeat("hello", "Hello! How are you?", "Connection with the server established!"), Handler.Text)),
    ];

    private static Load Outage(string name, string title, bool isOfNode, string what) => new(
        name, title, $"Fifty clients at each living node hear each other for the ten seconds in which it is away, and nobody is lost. The time counts {what}",
        [Metric.ReturnTime], new ChatOutage(isOfNode, 50))
    {
        Peers = [Peers.Module],
    };

    private static Load Of(string name, string title, string explanation, Metric[] metrics, ILoad work) =>
        new(name, title, explanation, metrics, work) { Peers = [Peers.Module, Peers.PortableModule, Peers.Twisted] };
}
