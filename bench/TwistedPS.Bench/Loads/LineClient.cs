using System.Diagnostics;
using System.Net.Sockets;

namespace TwistedPS.Bench;

/// <summary>
/// One of many connections, which never blocks: whenever its poller reports it, it does what it can do now.
/// </summary>
internal sealed class LineClient : IDisposable
{
    private readonly Socket _socket;
    private readonly Script _script;
    private readonly ReplyChecker _checker;
    private readonly long[] _sentAt;
    private int _line;
    private int _unsentLine;
    private int _unsentOffset;
    private int _oldest;

    /// <param name="socket">A connected socket, which this object owns from now on.</param>
    /// <param name="script">The lines to send, and the expected replies.</param>
    /// <param name="firstLine">The line of the script at which it begins.</param>
    /// <param name="window">The largest number of lines in flight.</param>
    public LineClient(Socket socket, Script script, int firstLine, int window)
    {
        _socket = socket;
        _socket.Blocking = false;
        _script = script;
        _checker = new ReplyChecker(script, firstLine);
        _sentAt = new long[window];
        _line = _unsentLine = firstLine;
    }

    /// <summary>The number of lines awaited.</summary>
    public int Awaited { get; private set; }

    /// <summary>Sends the next lines of the script, as far as the system accepts them now.</summary>
    public void Send(int lines)
    {
        Await(lines, Stopwatch.GetTimestamp());
        _line += lines;
        Flush();
    }

    /// <summary>Expects lines, whichever connection has sent them.</summary>
    public void Await(int lines, long sent)
    {
        for (int i = 0; i < lines; i++)
            _sentAt[(_oldest + Awaited + i) % _sentAt.Length] = sent;
        Awaited += lines;
    }

    /// <summary>Sends pending data, and receives and checks all available data.</summary>
    /// <returns>The number of lines received.</returns>
    public int Pump(byte[] buffer, Meter? meter)
    {
        Flush();
        int lines = 0;
        int count;
        do
        {
            count = Receive(buffer);
            int whole = count > 0 ? _checker.Check(buffer.AsSpan(0, count), Awaited) : 0;
            Count(whole, count, meter);
            lines += whole;
        }
        while (count == buffer.Length);
        return lines;
    }

    public void Dispose() => _socket.Dispose();

    /// <returns>The number of bytes; 0 if there are none now.</returns>
    private int Receive(byte[] buffer)
    {
        int count = _socket.Receive(buffer, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
            return 0;
        if (error != SocketError.Success || count == 0)
            throw new IOException($"The server has closed a connection: {error}");
        return count;
    }

    private void Count(int lines, int bytes, Meter? meter)
    {
        long now = Stopwatch.GetTimestamp();
        meter?.CountBytes(bytes);
        for (int i = 0; i < lines; i++)
        {
            meter?.CountLine(_sentAt[_oldest], now);
            _oldest = _oldest + 1 == _sentAt.Length ? 0 : _oldest + 1;
        }

        Awaited -= lines;
    }

    private void Flush()
    {
        if (_unsentLine == _line)
            return;
        ReadOnlySpan<byte> rest = _script.Requests(_unsentLine, _line - _unsentLine)[_unsentOffset..];
        int count = _socket.Send(rest, SocketFlags.None, out SocketError error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
            throw new IOException($"The server has closed a connection: {error}");
        if (count < rest.Length)
        {
            _unsentOffset += Math.Max(count, 0);
            return;
        }

        _unsentOffset = 0;
        _unsentLine = _line %= _script.Count;
    }
}
