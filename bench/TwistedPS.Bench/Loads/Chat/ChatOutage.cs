using System.Diagnostics;

namespace TwistedPS.Bench;

/// <summary>
/// A load of a chat on two nodes, one of which, or whose broker, is killed, and comes back after some time. Whoever is at a
/// living node stays, and hears the others there; the time is measured until all hear each other again.
/// </summary>
/// <param name="isOfNode">Whether a node is killed; otherwise the broker.</param>
/// <param name="clients">The number of clients of each node.</param>
internal sealed class ChatOutage(bool isOfNode, int clients) : ILoad
{
    private static readonly TimeSpan s_outage = TimeSpan.FromSeconds(10);

    public Handler Handler => Handler.ChatNode;

    public int Connections => clients;

    public Figures Run(ServerProcess server, Timing timing)
    {
        ServerProcess other = server.StartAnother();
        using var here = new ChatParty(server, clients);
        using var there = new ChatParty(other, clients);
        ChatParty.HearEachOther(here, there);
        if (!isOfNode)
        {
            Broker.Kill();
            Wait(here, there);
            Broker.Start();
            return Measure(here, there);
        }

        other.Kill();
        Wait(here);
        using var again = new ChatParty(server.StartAnother(), clients);
        return Measure(here, again);
    }

    private static void Wait(params ChatParty[] parties)
    {
        for (long begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < s_outage;)
        {
            foreach (ChatParty party in parties)
                ChatParty.HearEachOther(party);
        }
    }

    private static Figures Measure(ChatParty here, ChatParty there)
    {
        long begin = Stopwatch.GetTimestamp();
        ChatParty.HearEachOther(here, there);
        return new Figures { [Metric.ReturnTime] = Stopwatch.GetElapsedTime(begin).TotalSeconds };
    }
}
