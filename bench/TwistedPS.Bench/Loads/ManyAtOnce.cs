using System.Diagnostics;
using System.Net.Sockets;

namespace TwistedPS.Bench;

/// <summary>A load of many connections, each with some lines in flight; every reply triggers the next line.</summary>
internal sealed class ManyAtOnce(int connections, int window, Func<Script> makeScript, Handler handler = Handler.Echo)
    : ILoad
{
    public Handler Handler => handler;

    public int Connections => connections;

    public Figures Run(ServerProcess server, Timing timing)
    {
        Script script = makeScript();
        using var group = new ClientGroup();
        foreach (Socket socket in Connecting.Open(server, connections, script))
            group.Add(socket, script, group.Clients.Count * 7 % script.Count, window);

        var meter = new Meter(server, timing);
        foreach (LineClient client in group.Clients)
            client.Send(window);
        while (meter.IsRunning(Stopwatch.GetTimestamp()))
            group.Turn(meter, static (client, lines) => client.Send(lines));
        Figures figures = meter.Finish();
        group.Drain();
        return figures;
    }
}
