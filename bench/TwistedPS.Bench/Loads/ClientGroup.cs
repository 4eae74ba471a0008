using System.Net.Sockets;

namespace TwistedPS.Bench;

/// <summary>Connections that share one thread and a poller.</summary>
internal sealed class ClientGroup : IDisposable
{
    private const int SilenceIsFailure = 10_000;

    private readonly IPoller _poller = OperatingSystem.IsLinux() ? new EpollPoller() : new SelectPoller();
    private readonly byte[] _buffer = new byte[1 << 18];
    private readonly List<LineClient> _clients = [];

    public IReadOnlyList<LineClient> Clients => _clients;

    public void Add(Socket socket, Script script, int firstLine, int window)
    {
        _poller.Add(socket, _clients.Count);
        _clients.Add(new LineClient(socket, script, firstLine, window));
    }

    /// <summary>Waits for an event, and receives the data that has arrived.</summary>
    /// <param name="meter">The meter that counts the lines; null if nothing is measured.</param>
    /// <param name="onLines">Called with a connection and the number of lines that it has received.</param>
    /// <exception cref="IOException">Lines are awaited, and none arrive.</exception>
    public void Turn(Meter? meter, Action<LineClient, int> onLines)
    {
        ReadOnlySpan<int> ready = _poller.Wait(SilenceIsFailure);
        if (ready.IsEmpty)
            throw new IOException($"Nothing came for seconds. {_clients.Sum(client => client.Awaited)} lines are missing.");
        foreach (int number in ready)
        {
            LineClient client = _clients[number];
            int lines = client.Pump(_buffer, meter);
            if (lines > 0)
                onLines(client, lines);
        }
    }

    /// <summary>Receives all lines in flight, and checks that there are no others.</summary>
    public void Drain()
    {
        while (_clients.Exists(client => client.Awaited > 0))
            Turn(null, static (_, _) => { });
        foreach (LineClient client in _clients)
            client.Pump(_buffer, null);
    }

    public void Dispose()
    {
        _poller.Dispose();
        _clients.ForEach(client => client.Dispose());
    }
}
