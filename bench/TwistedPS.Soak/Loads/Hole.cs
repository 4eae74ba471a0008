using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Soak;

/// <summary>Lines for which the subject has to reach somebody who never answers, as behind a firewall.</summary>
internal sealed class Hole(string server) : ISoakLoad, IDisposable
{
    private readonly Socket _deaf = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];

    public string Name => $"black hole, {server}";

    public int Peers => 1;

    public async Task RunAsync(Subject subject, Ledger ledger, CancellationToken cancel)
    {
        int port = Deaf();
        using Talk talk = await Talk.ConnectAsync(subject.PortOf(server), cancel);
        await talk.SendAsync($"{port}\r\n", cancel);
        string expected = $"no answer from {port}\r\n";
        string got = await talk.ReceiveAsync(expected.Length, cancel);
        if (got == expected)
            ledger.Answered(Name, 1);
        else
            ledger.Lose(Name, 1, $"'{got}' instead of '{expected}'");
    }

    public void Dispose()
    {
        _deaf.Dispose();
        _waiting.ForEach(socket => socket.Dispose());
    }

    /// <summary>Returns the port of a listener that accepts nobody and has no more room in its backlog.</summary>
    private int Deaf()
    {
        if (!_deaf.IsBound)
        {
            _deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _deaf.Listen(0);
            for (int i = 0; i < 4; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                _waiting.Add(socket);
                try
                {
                    socket.Connect(_deaf.LocalEndPoint!);
                }
                catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
                {
                    // It is under way, or never will be.
                }
            }
        }

        return ((IPEndPoint)_deaf.LocalEndPoint!).Port;
    }
}
