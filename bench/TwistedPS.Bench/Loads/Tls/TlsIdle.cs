using System.Diagnostics;

namespace TwistedPS.Bench;

/// <summary>A load of idle connections over TLS: many are open, and one exchanges lines.</summary>
internal sealed class TlsIdle(int idle) : ILoad
{
    private const int Few = 10;
    private const int LineLength = 64;

    public Handler Handler => Handler.Tls;

    public int Connections => idle + 1;

    public Figures Run(ServerProcess server, Timing timing)
    {
        var crowd = new List<TlsConnection>();
        try
        {
            // What the first connections need, all share.
            Open(server, crowd, Few);
            long memory = server.Memory;
            Open(server, crowd, idle);
            double each = (double)(server.Memory - memory) / (idle - Few);
            using TlsConnection active = TlsConnection.Open(server.EndPoint, resumes: false);
            Figures figures = Exchange(active, server, timing);
            figures[Metric.BytesPerConnection] = each;
            return figures;
        }
        finally
        {
            crowd.ForEach(connection => connection.Dispose());
        }
    }

    private static void Open(ServerProcess server, List<TlsConnection> crowd, int count)
    {
        byte[] reply = new byte[64];
        while (crowd.Count < count)
        {
            var connection = TlsConnection.Open(server.EndPoint, resumes: false);
            crowd.Add(connection);
            connection.Send("HELLO\r\n"u8);
            connection.Receive(reply);
        }
    }

    private static Figures Exchange(TlsConnection connection, ServerProcess server, Timing timing)
    {
        Script script = Scripts.Echo(LineLength);
        var checker = new ReplyChecker(script, 0);
        byte[] buffer = new byte[1024];
        var meter = new Meter(server, timing);
        for (int line = 0; meter.IsRunning(Stopwatch.GetTimestamp()); line = (line + 1) % script.Count)
        {
            long sent = Stopwatch.GetTimestamp();
            connection.Send(script.Requests(line, 1));
            for (int lines = 0; lines == 0;)
                lines = checker.Check(buffer.AsSpan(0, connection.Receive(buffer)), 1);
            meter.CountLine(sent, Stopwatch.GetTimestamp());
        }

        return meter.Finish();
    }
}
