using System.Diagnostics;
using System.Net;

namespace TwistedPS.Bench;

/// <summary>
/// A load of many UDP sockets, each with some datagrams in flight; every reply triggers the next. So many fit into the
/// buffers of the loopback that none is lost.
/// </summary>
internal sealed class ManyDatagrams(int sockets, int window, int length) : ILoad
{
    public Handler Handler => Handler.Datagrams;

    public int Connections => sockets;

    public Figures Run(ServerProcess server, Timing timing)
    {
        using IPoller poller = OperatingSystem.IsLinux() ? new EpollPoller() : new SelectPoller();
        var clients = new List<DatagramClient>();
        try
        {
            for (int i = 0; i < sockets; i++)
            {
                clients.Add(new DatagramClient((IPEndPoint)server.EndPoint, i, window, length));
                poller.Add(clients[i].Socket, i);
            }

            var meter = new Meter(server, timing);
            clients.ForEach(client => client.Begin());
            while (meter.IsRunning(Stopwatch.GetTimestamp()))
                Turn(poller, clients, meter);
            return meter.Finish();
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static void Turn(IPoller poller, List<DatagramClient> clients, Meter meter)
    {
        const int SilenceIsFailure = 10_000;
        ReadOnlySpan<int> ready = poller.Wait(SilenceIsFailure);
        if (ready.IsEmpty)
            throw new IOException("Nothing came for seconds.");
        foreach (int number in ready)
            clients[number].Pump(meter);
    }
}
