using System.Diagnostics;
using System.Net.Sockets;

namespace TwistedPS.Bench;

/// <summary>
/// A load of short connections: each connects, sends a line, receives its reply and closes; some at a time, in the order of
/// their start.
/// </summary>
internal sealed class ConnectSendClose(int atATime, int length) : ILoad
{
    private readonly byte[] _buffer = new byte[1 << 16];

    public Handler Handler => Handler.Echo;

    public int Connections => atATime;

    public Figures Run(ServerProcess server, Timing timing)
    {
        Script script = Scripts.Echo(length);
        var visits = new Queue<Visit>();
        var meter = new Meter(server, timing);
        int line = 0;
        while (meter.IsRunning(Stopwatch.GetTimestamp()))
        {
            visits.Enqueue(Begin(server, script, line));
            line = (line + 1) % script.Count;
            if (visits.Count == atATime)
                End(visits.Dequeue(), script, meter);
        }

        Figures figures = meter.Finish();
        while (visits.TryDequeue(out Visit visit))
            End(visit, script, meter);
        return figures;
    }

    private static Visit Begin(ServerProcess server, Script script, int line)
    {
        long begun = Stopwatch.GetTimestamp();
        Socket socket = Connecting.Connect(server.EndPoint);
        socket.Send(script.Requests(line, 1));
        return new Visit(socket, line, begun);
    }

    private void End(Visit visit, Script script, Meter meter)
    {
        using Socket socket = visit.Socket;
        var checker = new ReplyChecker(script, visit.Line);
        int lines = 0;
        while (lines == 0)
        {
            int count = Connecting.Receive(socket, _buffer);
            meter.CountBytes(count);
            lines = checker.Check(_buffer.AsSpan(0, count), 1);
        }

        meter.CountLine(visit.Begun, Stopwatch.GetTimestamp());
        meter.CountConnection();
    }

    private readonly record struct Visit(Socket Socket, int Line, long Begun);
}
