using System.Diagnostics;
using System.Net.Sockets;

namespace TwistedPS.Bench;

/// <summary>A load of one connection in ping-pong, which measures how quickly both sides wake up.</summary>
internal sealed class OneByOne(int length) : ILoad
{
    public Handler Handler => Handler.Echo;

    public int Connections => 1;

    public Figures Run(ServerProcess server, Timing timing)
    {
        using Socket socket = Connecting.Open(server, 1)[0];
        var client = new BlockingClient(socket, Scripts.Echo(length));
        var meter = new Meter(server, timing);
        while (meter.IsRunning(Stopwatch.GetTimestamp()))
            client.Exchange(meter);
        return meter.Finish();
    }
}
