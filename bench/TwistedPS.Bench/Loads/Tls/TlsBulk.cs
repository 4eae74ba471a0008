using System.Diagnostics;

namespace TwistedPS.Bench;

/// <summary>
/// A load of one connection over TLS, on which one thread sends lines all the time, four at once, and another one receives them.
/// Both together must cost less than the server, which has the other core.
/// </summary>
/// <param name="window">The largest number of lines in flight.</param>
/// <param name="length">The length of a line.</param>
internal sealed class TlsBulk(int window, int length) : ILoad
{
    private const int LinesAtOnce = 4;

    public Handler Handler => Handler.Tls;

    public int Connections => 1;

    public Figures Run(ServerProcess server, Timing timing)
    {
        Script script = Scripts.Echo(length);
        using TlsConnection connection = TlsConnection.Open(server.EndPoint, resumes: false);
        using var room = new SemaphoreSlim(window / LinesAtOnce);
        bool isRunning = true;
        Task sending = Task.Factory.StartNew(() => SendAll(connection, script, room, ref isRunning), TaskCreationOptions.LongRunning);
        var meter = new Meter(server, timing);
        var checker = new ReplyChecker(script, 0);
        byte[] buffer = new byte[1 << 18];
        int received = 0;
        while (meter.IsRunning(Stopwatch.GetTimestamp()))
        {
            int count = connection.Receive(buffer);
            meter.CountBytes(count);
            int lines = checker.Check(buffer.AsSpan(0, count), window);
            for (int i = 0; i < lines; i++)
                meter.CountLine(Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp());
            received += lines;
            if (received >= LinesAtOnce)
                room.Release(received / LinesAtOnce);
            received %= LinesAtOnce;
        }

        Figures figures = meter.Finish();
        Volatile.Write(ref isRunning, false);
        room.Release(window);
        connection.Dispose();
        ((IAsyncResult)sending).AsyncWaitHandle.WaitOne();
        return figures;
    }

    private static void SendAll(TlsConnection connection, Script script, SemaphoreSlim room, ref bool isRunning)
    {
        try
        {
            for (int line = 0; Volatile.Read(ref isRunning); line = (line + LinesAtOnce) % script.Count)
            {
                room.Wait();
                connection.Send(script.Requests(line, LinesAtOnce));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            // The other thread has all that it has to measure, or meets the same error.
        }
    }
}
