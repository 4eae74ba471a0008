using System.Diagnostics;

namespace TwistedPS.Bench;

/// <summary>
/// A load of connections over TLS, which one thread visits in turn: it receives the replies to the lines in flight, and sends as
/// many anew.
/// </summary>
internal sealed class TlsSweep(int connections, int window, int length) : ILoad
{
    private readonly byte[] _buffer = new byte[1 << 18];

    public Handler Handler => Handler.Tls;

    public int Connections => connections;

    public Figures Run(ServerProcess server, Timing timing)
    {
        Script script = Scripts.Echo(length);
        Talk[] talks = [.. Enumerable.Range(0, connections).Select(i => new Talk(server, script, i * 7 % script.Count))];
        try
        {
            var meter = new Meter(server, timing);
            foreach (Talk talk in talks)
                talk.Send(window);
            while (meter.IsRunning(Stopwatch.GetTimestamp()))
            {
                foreach (Talk talk in talks)
                {
                    talk.Receive(_buffer, window, meter);
                    talk.Send(window);
                }
            }

            return meter.Finish();
        }
        finally
        {
            foreach (Talk talk in talks)
                talk.Dispose();
        }
    }

    /// <summary>One connection, and its place in the script.</summary>
    private sealed class Talk(ServerProcess server, Script script, int line) : IDisposable
    {
        private readonly TlsConnection _connection = TlsConnection.Open(server.EndPoint, resumes: false);
        private readonly ReplyChecker _checker = new(script, line);
        private int _line = line;
        private long _sent;

        public void Send(int lines)
        {
            _sent = Stopwatch.GetTimestamp();
            _connection.Send(script.Requests(_line, lines));
            _line = (_line + lines) % script.Count;
        }

        public void Receive(byte[] buffer, int lines, Meter meter)
        {
            for (int left = lines; left > 0;)
            {
                int count = _connection.Receive(buffer);
                meter.CountBytes(count);
                int whole = _checker.Check(buffer.AsSpan(0, count), left);
                for (int i = 0; i < whole; i++)
                    meter.CountLine(_sent, Stopwatch.GetTimestamp());
                left -= whole;
            }
        }

        public void Dispose() => _connection.Dispose();
    }
}
