using System.Net.Sockets;

namespace TwistedPS.Bench;

/// <summary>Connections that one thread serves, as a poller says which are ready.</summary>
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

    /// <summary>Waits until something happens, and receives what has come.</summary>
    /// <param name="meter">What counts them; null where nothing is measured.</param>
    /// <param name="onLines">Called with a connection and the number of lines that have come to it.</param>
    /// <exception cref="IOException">Lines are awaited, and none come.</exception>
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

    /// <summary>Receives all that is under way, and looks whether there is more than that.</summary>
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
