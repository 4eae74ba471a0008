using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Bench;

/// <summary>
/// A load of Redis's own benchmark: many connections set and get values, whose lengths come in lines before them. It counts
/// requests, not time, so it runs as often as the time allows. A request counts as a line.
/// </summary>
/// <param name="connections">The number of connections.</param>
/// <param name="window">The number of requests in flight on each.</param>
internal sealed class RedisBenchmark(int connections, int window) : ILoad
{
    private const string Program = "redis-benchmark";
    private const int RequestsAtFirst = 20_000;

    public Handler Handler => Handler.Resp;

    public int Connections => connections;

    public Figures Run(ServerProcess server, Timing timing)
    {
        Check(server.EndPoint);
        int requests = RequestsAtFirst;
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < timing.WarmUp;)
        {
            RedisFigures warming = Ask(server, requests);
            requests = Math.Max(RequestsAtFirst, (int)(warming.PerSecond * timing.Measured.TotalSeconds / 2));
        }

        TimeSpan before = server.CpuTime;
        long begin = Stopwatch.GetTimestamp();
        RedisFigures measured = Ask(server, requests);
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        double cpu = (server.CpuTime - before).TotalSeconds;
        return new Figures
        {
            [Metric.LinesPerSecond] = measured.PerSecond,
            [Metric.P50] = measured.P50,
            [Metric.P99] = measured.P99,
            [Metric.Cores] = cpu / seconds,
            [Metric.CpuPerLine] = cpu * 1e6 / (2.0 * requests),
            [Metric.Memory] = server.Memory / 1e6,
        };
    }

    /// <summary>Has it send a number of requests of each kind.</summary>
    private RedisFigures Ask(ServerProcess server, int requests)
    {
        int port = ((IPEndPoint)server.EndPoint).Port;
        string[] words = FormattableString
            .Invariant($"-h 127.0.0.1 -p {port} -t set,get -n {requests} -c {connections} -P {window} --csv")
            .Split(' ');
        string program = Programs.Find(Program) ?? throw new IOException($"{Program} is not installed.");
        string output = Programs.Ask(program, words) ?? throw new IOException($"{Program} has failed.");
        return RedisFigures.Parse(output);
    }

    /// <summary>Checks what the benchmark does not: the replies.</summary>
    private static void Check(EndPoint server)
    {
        using Socket socket = Connecting.Connect(server);
        byte[] requests = "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$4\r\n\r\n\0x\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n*2\r\n$3\r\nGET\r\n$1\r\nb\r\n"u8.ToArray();
        byte[] expected = "+OK\r\n$4\r\n\r\n\0x\r\n$-1\r\n"u8.ToArray();
        socket.Send(requests);
        var reply = new byte[expected.Length];
        for (int count = 0; count < reply.Length;)
        {
            int read = socket.Receive(reply.AsSpan(count));
            if (read == 0)
                throw new IOException("The server has closed the connection.");
            count += read;
        }

        if (!reply.AsSpan().SequenceEqual(expected))
            throw new WrongReplyException($"It replied {Encoding.Latin1.GetString(reply)}");
    }
}
