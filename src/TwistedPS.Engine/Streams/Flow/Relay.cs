namespace TwistedPS.Engine.Streams;

/// <summary>
/// A relay between two connections, or a connection and a process. Neither is read before both are there and the handlers that run
/// have ended; what arrives meanwhile waits. On the reactor's thread only.
/// </summary>
internal sealed class Relay
{
    private readonly Connection _near;
    private Connection? _far;
    private Client? _client;

    private Relay(Connection near)
    {
        _near = near;
        near.PrepareRelay(this);
    }

    /// <summary>Relays between connections. From any thread.</summary>
    public static void Start(Connection near, Connection far)
    {
        Check(near, $"connection {far}", far.Reactor);
        Check(far, $"connection {near}", near.Reactor);
        if (near == far)
            throw new InvalidOperationException($"The connection {near} can't be relayed to itself.");
        near.Reactor.Do(() => new Relay(near).Join(far));
    }

    /// <summary>Relays between a connection and the one that a client has or will have, or a process. From any thread.</summary>
    public static void Start(Connection near, Service far)
    {
        if (far is Client client)
            Start(near, client);
        else if (far is IRelayable other)
            Start(near, far, other);
        else
            throw new InvalidOperationException($"The connection {near} can't be relayed to the {far}, which is neither a client nor a process.");
    }

    private static void Start(Connection near, Client client)
    {
        if (client is { Status: ClientStatus.Connected, Connection: { } far })
        {
            Start(near, far);
            return;
        }

        Check(near, $"{client}", client.Reactor);
        if (!client.Attempts.IsTrying)
            throw new NotConnectedException($"The {client} is not connected.");
        near.Reactor.Do(() => new Relay(near).WaitFor(client));
    }

    private static void Start(Connection near, Service far, IRelayable other)
    {
        Check(near, $"{far}", far.Reactor);
        other.PrepareRelay();
        near.Reactor.Do(() => new Relay(near).Join(far, other));
    }

    private static void Check(Connection connection, string other, Reactor reactor)
    {
        if (connection.Status != ConnectionStatus.Open)
            throw connection.NotConnected();
        if (connection.IsRelayed)
            throw new InvalidOperationException($"The connection {connection} is relayed already.");
        if (connection.Reactor != reactor)
            throw new InvalidOperationException($"The connection {connection} and the {other} are not on the same reactor.");
    }

    private void WaitFor(Client client)
    {
        _client = client;
        client.Connected += Connected;
        client.Attempts.Ended += GaveUp;
        _near.Ended += NearEnded;
    }

    private void StopWaiting()
    {
        _client!.Connected -= Connected;
        _client.Attempts.Ended -= GaveUp;
        _near.Ended -= NearEnded;
    }

    private void Connected(object? sender, ConnectionEventArgs it)
    {
        StopWaiting();
        Join(it.Connection);
    }

    private void GaveUp()
    {
        StopWaiting();

        // The client's handler may have closed it, with words for the peer.
        if (_near.Status == ConnectionStatus.Open)
            _near.Abort();
    }

    private void NearEnded()
    {
        StopWaiting();
        _client!.Dispose();
    }

    private void Join(Connection far)
    {
        _far = far;
        far.PrepareRelay(this);
        _near.Reactor.CallLater(TimeSpan.Zero, Begin);
    }

    private void Join(Service far, IRelayable other)
    {
        far.Producer!.Pause(this);
        _near.Reactor.CallLater(TimeSpan.Zero, () => Begin(far, other));
    }

    private void Begin(Service far, IRelayable other)
    {
        if (_near.Status == ConnectionStatus.Open)
            _near.BeginRelay(other.BeginRelay(_near));
        else
            far.Dispose();
        _near.Producer.Resume(this);
        far.Producer!.Resume(this);
    }

    private void Begin()
    {
        Connection far = _far!;
        if (_near.Status == ConnectionStatus.Open && far.Status == ConnectionStatus.Open)
        {
            _near.BeginRelay(new RelayedConnection(far));
            far.BeginRelay(new RelayedConnection(_near));
            _near.Producer.Resume(this);
            far.Producer.Resume(this);
        }
        else
        {
            (Connection open, Connection ended) = _near.Status == ConnectionStatus.Open ? (_near, far) : (far, _near);
            new RelayedConnection(open).End(ended);
        }
    }
}
