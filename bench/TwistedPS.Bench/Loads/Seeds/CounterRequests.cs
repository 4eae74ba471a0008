using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace TwistedPS.Bench;

/// <summary>A load of HTTP requests over connections that stay for as long as the server lets them, each of which gets a number of its own.</summary>
internal sealed class CounterRequests(int connections) : ILoad
{
    private const int SilenceIsFailure = 10_000;

    private static readonly byte[] s_request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();

    public Handler Handler => Handler.Counter;

    public int Connections => connections;

    public Figures Run(ServerProcess server, Timing timing)
    {
        using IPoller poller = OperatingSystem.IsLinux() ? new EpollPoller() : new SelectPoller();
        Client[] clients = [.. Enumerable.Range(0, connections).Select(number => new Client(server.EndPoint, poller, number))];
        try
        {
            var pages = new CounterPages();
            var meter = new Meter(server, timing);
            foreach (Client client in clients)
                client.Ask();
            while (meter.IsRunning(Stopwatch.GetTimestamp()))
                Turn(poller, clients, pages, meter);
            return meter.Finish();
        }
        finally
        {
            foreach (Client client in clients)
                client.Dispose();
        }
    }

    private static void Turn(IPoller poller, Client[] clients, CounterPages pages, Meter meter)
    {
        ReadOnlySpan<int> ready = poller.Wait(SilenceIsFailure);
        if (ready.IsEmpty)
            throw new IOException("Nothing came for seconds.");
        foreach (int number in ready)
            clients[number].Receive(pages, meter);
    }

    private sealed class Client : IDisposable
    {
        private readonly EndPoint _server;
        private readonly IPoller _poller;
        private readonly int _number;
        private readonly byte[] _buffer = new byte[4096];
        private Socket _socket;
        private int _filled;
        private long _asked;

        public Client(EndPoint server, IPoller poller, int number)
        {
            (_server, _poller, _number) = (server, poller, number);
            _socket = Connect();
        }

        public void Ask()
        {
            _filled = 0;
            _asked = Stopwatch.GetTimestamp();
            _socket.Send(s_request);
        }

        public void Receive(CounterPages pages, Meter meter)
        {
            int count = _socket.Receive(_buffer.AsSpan(_filled), SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
                return;
            if (error != SocketError.Success || count == 0)
                throw new IOException($"The server has closed a connection: {error}");
            meter.CountBytes(count);
            _filled += count;
            if (!pages.TryRead(_buffer.AsSpan(0, _filled), out bool isLast))
                return;
            meter.CountLine(_asked, Stopwatch.GetTimestamp());
            if (isLast)
            {
                Dispose();
                _socket = Connect();
            }

            Ask();
        }

        public void Dispose()
        {
            _poller.Remove(_socket);
            _socket.Dispose();
        }

        private Socket Connect()
        {
            Socket socket = Connecting.Connect(_server);
            socket.Blocking = false;
            _poller.Add(socket, _number);
            return socket;
        }
    }
}
