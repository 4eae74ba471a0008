using System.Diagnostics;
using System.Net.Sockets;

namespace TwistedPS.Bench;

/// <summary>A load of idle connections: many are open and do nothing, while one sends a line each millisecond.</summary>
internal sealed class IdleCrowd(int idle, int length) : ILoad
{
    private const int Few = 10;

    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(1);

    public Handler Handler => Handler.Echo;

    public int Connections => idle + 1;

    public Figures Run(ServerProcess server, Timing timing)
    {
        using Socket active = Connecting.Open(server, 1)[0];
        var client = new BlockingClient(active, Scripts.Echo(length));
        List<Socket> crowd = Connecting.Open(server, Few - 1);
        try
        {
            Figures few = Measure(client, server, timing);
            long memory = server.Memory;

            crowd.AddRange(Connecting.Open(server, idle - crowd.Count));
            Figures figures = Measure(client, server, timing);
            figures[Metric.P99OfTen] = few[Metric.P99];
            figures[Metric.BytesPerConnection] = (double)(server.Memory - memory) / (idle - Few + 1);
            figures[Metric.IdleCores] = MeasureSilence(server, timing.Measured);
            return figures;
        }
        finally
        {
            crowd.ForEach(socket => socket.Dispose());
        }
    }

    private static Figures Measure(BlockingClient client, ServerProcess server, Timing timing)
    {
        var meter = new Meter(server, timing);
        long pace = (long)(s_pace.TotalSeconds * Stopwatch.Frequency);
        long next = Stopwatch.GetTimestamp();
        while (meter.IsRunning(Stopwatch.GetTimestamp()))
        {
            while (Stopwatch.GetTimestamp() < next)
                client.ExpectSilence(s_pace);
            client.Exchange(meter);
            next += pace;
        }

        return meter.Finish();
    }

    private static double MeasureSilence(ServerProcess server, TimeSpan time)
    {
        TimeSpan before = server.CpuTime;
        long begin = Stopwatch.GetTimestamp();
        server.ExpectToLive(time);
        return (server.CpuTime - before) / Stopwatch.GetElapsedTime(begin);
    }
}
