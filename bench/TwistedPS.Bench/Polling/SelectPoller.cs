using System.Net.Sockets;

namespace TwistedPS.Bench;

/// <summary>A poller on select, which every system has; its cost grows with the number of sockets.</summary>
internal sealed class SelectPoller : IPoller
{
    private readonly Dictionary<Socket, int> _numbers = [];
    private readonly List<Socket> _readable = [];
    private int[] _ready = [];

    public void Add(Socket socket, int number)
    {
        _numbers.Add(socket, number);
        _ready = new int[_numbers.Count];
    }

    public void Remove(Socket socket) => _numbers.Remove(socket);

    public ReadOnlySpan<int> Wait(int milliseconds)
    {
        _readable.Clear();
        _readable.AddRange(_numbers.Keys);
        Socket.Select(_readable, null, null, TimeSpan.FromMilliseconds(milliseconds));
        for (int i = 0; i < _readable.Count; i++)
            _ready[i] = _numbers[_readable[i]];
        return _ready.AsSpan(0, _readable.Count);
    }

    public void Dispose()
    {
    }
}
