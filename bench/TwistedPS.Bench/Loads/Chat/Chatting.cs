namespace TwistedPS.Bench;

/// <summary>
/// A load of a chat: a few of its clients talk, and all hear it, whichever process they are connected to. A talker says the
/// next line when all have heard one of its lines.
/// </summary>
/// <param name="handler">The chat in a process of its own, or the node of one.</param>
/// <param name="nodes">The number of processes.</param>
/// <param name="clients">The number of clients of all of them together.</param>
internal sealed class Chatting(Handler handler, int nodes, int clients) : ILoad
{
    private const int TalkersOfNode = 2;
    private const int Window = 2;

    public Handler Handler => handler;

    public int Connections => clients;

    public Figures Run(ServerProcess server, Timing timing)
    {
        using var all = new ChatClients(new ChatLines(nodes * TalkersOfNode, Window, clients));
        List<ServerProcess> servers = [server];
        all.AddTalkers(server, TalkersOfNode);
        while (servers.Count < nodes)
        {
            servers.Add(server.StartAnother());
            all.AddTalkers(servers[^1], TalkersOfNode);
        }

        foreach (ServerProcess node in servers)
            all.AddListeners(node, (clients / nodes) - TalkersOfNode);
        return all.Run(new Meter(server, timing));
    }
}
