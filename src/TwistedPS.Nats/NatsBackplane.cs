using NATS.Client.Core;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Nats;

/// <summary>A connection to NATS.</summary>
internal sealed class NatsBackplane : IBackplane
{
    private readonly NatsConnection _connection;
    private readonly BackplaneWork _work;
    private readonly BrokerSockets _sockets;

    private volatile bool _isConnected = true;

    public NatsBackplane(NatsConnection connection, string address, BrokerSockets sockets)
    {
        _connection = connection;
        _work = new BackplaneWork(address, IsLoss);
        _sockets = sockets;
        Address = address;
        connection.ConnectionDisconnected += Disconnected;
        connection.ConnectionOpened += Opened;
    }

    public string Address { get; }

    public bool IsConnected => _isConnected;

    public event Action<bool>? ConnectionChanged;

    // The event comes after the state, and what is sent in between would be kept.
    private bool CanSend => _isConnected && _connection.ConnectionState == NatsConnectionState.Open;

    /// <summary>Whether an error is one of NATS, or of its client, which is disposed once the node has left.</summary>
    public static bool IsLoss(Exception error) => error is NatsException or ObjectDisposedException;

    public void Publish(string subject, Payload payload, string? reply = null)
    {
        if (!CanSend)
            throw BackplaneException.Lost(Address);
        RefuseTooLong(_connection, Address, payload.Bytes.Length);
        _work.AddIfRoom(cancel => PublishAsync(subject, payload, reply, cancel));
    }

    public IDisposable Subscribe(string pattern, string? queue, Action<BackplaneMessage> received)
    {
        var subscription = new NatsSubscription(_connection, pattern, queue, received);
        _work.Add(subscription.BeginAsync);
        return subscription;
    }

    public IStateStore OpenStore(string name) => new NatsStore(_connection, name, Address);

    public async Task FlushAsync(CancellationToken cancel)
    {
        await _work.FlushAsync(cancel).ConfigureAwait(false);
        await _connection.PingAsync(cancel).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _connection.ConnectionDisconnected -= Disconnected;
        _connection.ConnectionOpened -= Opened;
        _ = EndAsync();
    }

    /// <summary>Throws if the broker does not carry so many bytes.</summary>
    public static void RefuseTooLong(NatsConnection connection, string address, int length)
    {
        if (connection.ServerInfo is { MaxPayload: > 0 and var limit })
            BackplaneException.ThrowIfTooLong(address, length, limit);
    }

    private async Task EndAsync()
    {
        await _work.DisposeAsync().ConfigureAwait(false);
        _sockets.KeepRest();
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private ValueTask PublishAsync(string subject, Payload payload, string? reply, CancellationToken cancel) =>
        CanSend ? _connection.PublishAsync(subject, payload.Bytes, Headers.Of(payload), reply, cancellationToken: cancel) : default;

    private ValueTask Disconnected(object? sender, NatsEventArgs happened) => Change(isConnected: false);

    private ValueTask Opened(object? sender, NatsEventArgs happened) => Change(isConnected: true);

    // Several attempts to connect may fail, each with an event of its own.
    private ValueTask Change(bool isConnected)
    {
        if (_isConnected == isConnected)
            return default;
        _isConnected = isConnected;
        ConnectionChanged?.Invoke(isConnected);
        return default;
    }
}
