namespace TwistedPS.Engine.Streams;

/// <summary>
/// A relay between two connections. Neither is read before both are there and the handlers that run have ended; what arrives
/// meanwhile waits. On the reactor's thread only.
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
        Check(near, far.Owner);
        Check(far, near.Owner);
        if (near == far)
            throw new InvalidOperationException($"The connection {near} can't be relayed to itself.");
        near.Owner.Reactor.Do(() => new Relay(near).Join(far));
    }

    /// <summary>Relays between a connection and the one that a client has or will have. From any thread.</summary>
    public static void Start(Connection near, Client client)
    {
        if (client is { Status: ClientStatus.Connected, Connection: { } far })
        {
            Start(near, far);
            return;
        }

        Check(near, client);
        if (!client.Attempts.IsTrying)
            throw new NotConnectedException($"The {client} is not connected.");
        near.Owner.Reactor.Do(() => new Relay(near).WaitFor(client));
    }

    private static void Check(Connection connection, NetworkService other)
    {
        if (connection.Status != ConnectionStatus.Open)
            throw connection.NotConnected();
        if (connection.IsRelayed)
            throw new InvalidOperationException($"The connection {connection} is relayed already.");
        if (connection.Owner.Reactor != other.Reactor)
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
        _near.Owner.Reactor.CallLater(TimeSpan.Zero, Begin);
    }

    private void Begin()
    {
        Connection far = _far!;
        if (_near.Status == ConnectionStatus.Open && far.Status == ConnectionStatus.Open)
        {
            _near.BeginRelay(far);
            far.BeginRelay(_near);
            _near.Producer.Resume(this);
            far.Producer.Resume(this);
        }
        else
        {
            End(_near.Status == ConnectionStatus.Open ? _near : far, _near.Status == ConnectionStatus.Open ? far : _near);
        }
    }

    /// <summary>Ends a connection as the other one has ended, or does.</summary>
    public static void End(Connection connection, Connection other)
    {
        if (other.CloseReason is CloseReason.None or CloseReason.Done or CloseReason.ServerStopped)
            connection.Close();
        else
            connection.Abort();
    }
}
