using System.Diagnostics;
using System.Net.Sockets;

namespace TwistedPS.Bench;

/// <summary>A load of broadcasts: one connection sends lines, each of which must reach every connection, in order.</summary>
internal sealed class Broadcasting(int readers, int window, int length) : ILoad
{
    public Handler Handler => Handler.Broadcast;

    public int Connections => readers;

    public Figures Run(ServerProcess server, Timing timing)
    {
        Script script = Scripts.Echo(length, "ALL ");
        using var group = new ClientGroup();
        foreach (Socket socket in Connecting.Open(server, readers))
            group.Add(socket, script, 0, window);

        var meter = new Meter(server, timing);
        long missing = 0;
        while (meter.IsRunning(Stopwatch.GetTimestamp()))
        {
            for (; missing <= (window - 1) * readers; missing += readers)
                Broadcast(group.Clients);
            group.Turn(meter, (_, lines) => missing -= lines);
        }

        Figures figures = meter.Finish();
        group.Drain();
        return figures;
    }

    private static void Broadcast(IReadOnlyList<LineClient> clients)
    {
        long sent = Stopwatch.GetTimestamp();
        foreach (LineClient reader in clients.Skip(1))
            reader.Await(1, sent);
        clients[0].Send(1);
    }
}
