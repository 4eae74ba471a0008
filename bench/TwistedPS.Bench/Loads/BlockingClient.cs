using System.Diagnostics;
using System.Net.Sockets;

namespace TwistedPS.Bench;

/// <summary>
/// A client with one connection, which sends one line at a time and blocks until its whole reply has arrived.
/// </summary>
internal sealed class BlockingClient(Socket socket, Script script)
{
    private readonly ReplyChecker _checker = new(script, 0);
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _line;

    /// <summary>Waits for what must not come: anything before the next line is sent.</summary>
    public void ExpectSilence(TimeSpan time)
    {
        if (socket.Poll(time, SelectMode.SelectRead))
            throw new WrongReplyException("The server has sent something, or closed, while nothing was asked.");
    }

    public void Exchange(Meter meter)
    {
        long sent = Stopwatch.GetTimestamp();
        socket.Send(script.Requests(_line, 1));
        _line = (_line + 1) % script.Count;
        int lines = 0;
        while (lines == 0)
        {
            int count = Connecting.Receive(socket, _buffer);
            meter.CountBytes(count);
            lines = _checker.Check(_buffer.AsSpan(0, count), 1);
        }

        meter.CountLine(sent, Stopwatch.GetTimestamp());
    }
}
