namespace TwistedPS.Engine.Loop;

/// <summary>
/// The sockets of a <see cref="PoolPoller"/> from which nothing is read for now. Since no operation of theirs would tell of
/// the loss of their connections, they are looked at twice a second.
/// </summary>
internal sealed class QuietSockets
{
    private const int Interval = 500;

    private readonly HashSet<PooledSocket> _sockets = [];
    private long _lastLook;

    /// <summary>Adds or removes a socket whose interest has changed.</summary>
    public void Note(PooledSocket socket)
    {
        if (socket.IsQuiet)
            _sockets.Add(socket);
        else
            _sockets.Remove(socket);
    }

    public void Remove(PooledSocket socket) => _sockets.Remove(socket);

    /// <summary>Shortens a wait in milliseconds, so that it ends when they are to be looked at; -1 is a wait for ever.</summary>
    public int Limit(int timeout) => _sockets.Count == 0 ? timeout : (int)Math.Min((uint)timeout, Interval);

    /// <summary>Looks at them if it is time to.</summary>
    /// <param name="ready">Receives the sockets whose connections are lost.</param>
    /// <returns>The number of them.</returns>
    public int FindFailed(Span<Readiness> ready)
    {
        int found = 0;
        if (_sockets.Count == 0 || Environment.TickCount64 - _lastLook < Interval)
            return found;
        _lastLook = Environment.TickCount64;
        foreach (PooledSocket socket in _sockets)
        {
            if (found == ready.Length)
                break;
            if (socket.HasFailed())
                ready[found++] = new Readiness(socket.Target, Interest.Failed);
        }

        return found;
    }
}
