using System.Diagnostics;

namespace TwistedPS.Bench;

/// <summary>
/// A load of short connections over TLS: each connects, shakes hands, sends a line, receives its reply and closes; a few threads
/// do so at once.
/// </summary>
/// <param name="resumes">Whether handshakes resume the session of an earlier one.</param>
internal sealed class TlsVisits(bool resumes) : ILoad
{
    private const int Threads = 4;
    private const int LineLength = 64;

    public Handler Handler => Handler.Tls;

    public int Connections => Threads;

    public Figures Run(ServerProcess server, Timing timing)
    {
        Script script = Scripts.Echo(LineLength);
        var meter = new Meter(server, timing);
        bool isRunning = true;
        var failures = new List<Exception>();
        void Visits()
        {
            try
            {
                for (int line = 0; Volatile.Read(ref isRunning); line = (line + 1) % script.Count)
                    Visit(server, script, line, meter);
            }
            catch (Exception e)
            {
                lock (failures)
                    failures.Add(e);
            }
        }

        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(Visits))];
        foreach (Thread thread in threads)
            thread.Start();
        while (IsRunning(meter) && failures.Count == 0)
            threads[0].Join(millisecondsTimeout: 1);
        Volatile.Write(ref isRunning, false);
        foreach (Thread thread in threads)
            thread.Join();
        return failures.Count == 0 ? meter.Finish() : throw new IOException(failures[0].Message, failures[0]);
    }

    private static bool IsRunning(Meter meter)
    {
        lock (meter)
            return meter.IsRunning(Stopwatch.GetTimestamp());
    }

    private void Visit(ServerProcess server, Script script, int line, Meter meter)
    {
        long begun = Stopwatch.GetTimestamp();
        var checker = new ReplyChecker(script, line);
        byte[] buffer = new byte[1024];
        using TlsConnection connection = TlsConnection.Open(server.EndPoint, resumes);
        connection.Send(script.Requests(line, 1));
        for (int lines = 0; lines == 0;)
            lines = checker.Check(buffer.AsSpan(0, connection.Receive(buffer)), 1);
        connection.Close();
        lock (meter)
        {
            meter.CountLine(begun, Stopwatch.GetTimestamp());
            meter.CountConnection();
        }
    }
}
