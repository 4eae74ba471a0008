using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Bench;

/// <summary>A load of short connections that receive the list of cars up to its end, some at a time, in the order of their start.</summary>
internal sealed class CarVisits(int atATime) : ILoad
{
    private readonly byte[] _buffer = new byte[1 << 16];

    public Handler Handler => Handler.Cars;

    public int Connections => atATime;

    public Figures Run(ServerProcess server, Timing timing)
    {
        byte[] cars = Encoding.ASCII.GetBytes(string.Join('.', File.ReadLines(Path.Combine(Repository.PeersFolder, "cars.txt"))));
        var visits = new Queue<(Socket Socket, long Begun)>();
        var meter = new Meter(server, timing);
        while (meter.IsRunning(Stopwatch.GetTimestamp()))
        {
            long begun = Stopwatch.GetTimestamp();
            visits.Enqueue((Connecting.Connect(server.EndPoint), begun));
            if (visits.Count == atATime)
                End(visits.Dequeue(), cars, meter);
        }

        Figures figures = meter.Finish();
        while (visits.TryDequeue(out (Socket, long) visit))
            End(visit, cars, meter);
        return figures;
    }

    private void End((Socket Socket, long Begun) visit, byte[] cars, Meter meter)
    {
        using Socket socket = visit.Socket;
        int filled = 0;
        for (int count; (count = socket.Receive(_buffer.AsSpan(filled))) > 0;)
            filled += count;
        if (!_buffer.AsSpan(0, filled).SequenceEqual(cars))
            throw new WrongReplyException($"The list of cars was '{Encoding.Latin1.GetString(_buffer, 0, filled)}'");
        meter.CountBytes(filled);
        meter.CountLine(visit.Begun, Stopwatch.GetTimestamp());
        meter.CountConnection();
    }
}
