using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace TwistedPS.Bench;

/// <summary>The clients of a chat, on one thread and a poller; the first ones are its talkers.</summary>
internal sealed class ChatClients(ChatLines lines) : IDisposable
{
    private const int SilenceIsFailure = 10_000;

    private readonly IPoller _poller = OperatingSystem.IsLinux() ? new EpollPoller() : new SelectPoller();
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly List<Socket> _sockets = [];
    private readonly List<ChatListener> _listeners = [];

    /// <summary>A line to which the sender alone has an answer.</summary>
    public static Script Hello { get; } = new([("hello", "error: line did not conform to chat server requirements!")]);

    /// <summary>Connects the next talkers, while nobody else is there who hears that they change their nicks.</summary>
    public void AddTalkers(ServerProcess server, int count)
    {
        int first = _sockets.Count;
        _sockets.AddRange(Connecting.Open(server, count, Hello));
        for (int talker = first; talker < _sockets.Count; talker++)
        {
            string nick = ChatLines.NickOf(talker);
            _sockets[talker].Send(Encoding.ASCII.GetBytes($"/nick {nick}\r\n"));
            _sockets.ForEach(socket => Skip(socket, $" is changing nick to {nick}\r\n"));
        }
    }

    /// <summary>Connects clients who only listen.</summary>
    public void AddListeners(ServerProcess server, int count) => _sockets.AddRange(Connecting.Open(server, count, Hello));

    /// <summary>Has all talkers say as much as the window allows, for as long as the meter runs, and checks that all is heard.</summary>
    public Figures Run(Meter meter)
    {
        Watch();
        for (int talker = 0; talker < lines.Talkers * lines.Window; talker++)
            Say(talker % lines.Talkers);
        while (meter.IsRunning(Stopwatch.GetTimestamp()))
            Turn(meter, Say);
        Figures figures = meter.Finish();
        while (lines.Missing > 0)
            Turn(meter, static _ => { });
        return figures;
    }

    public void Dispose()
    {
        _poller.Dispose();
        _sockets.ForEach(socket => socket.Dispose());
    }

    private void Watch()
    {
        for (int i = 0; i < _sockets.Count; i++)
        {
            _sockets[i].Blocking = false;
            _poller.Add(_sockets[i], i);
            _listeners.Add(new ChatListener(lines));
        }
    }

    private void Say(int talker) => _sockets[talker].Send(lines.Say(talker));

    private void Turn(Meter meter, Action<int> said)
    {
        ReadOnlySpan<int> ready = _poller.Wait(SilenceIsFailure);
        if (ready.IsEmpty)
            throw new IOException($"Nothing came for seconds. {lines.Missing} lines are missing.");
        foreach (int number in ready)
            Receive(number, meter, said);
    }

    private void Receive(int client, Meter meter, Action<int> said)
    {
        int count;
        do
        {
            count = _sockets[client].Receive(_buffer, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
                return;
            if (error != SocketError.Success || count == 0)
                throw new IOException($"The server has closed a connection: {error}");
            long now = Stopwatch.GetTimestamp();
            meter.CountBytes(count);
            _listeners[client].Check(_buffer.AsSpan(0, count), (talker, line) =>
            {
                bool all = lines.Hear(talker, line, out long sent);
                meter.CountLine(sent, now);
                if (all)
                    said(talker);
            });
        }
        while (count == _buffer.Length);
    }

    private void Skip(Socket socket, string end)
    {
        int count = 0;
        do
        {
            count += Connecting.Receive(socket, _buffer.AsSpan(count, 1));
        }
        while (!Encoding.ASCII.GetString(_buffer, 0, count).EndsWith(end, StringComparison.Ordinal));
    }
}
