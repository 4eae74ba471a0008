using System.Collections.Concurrent;
using StackExchange.Redis;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Redis;

/// <summary>Connections to Redis: one for what is asked of it, one for what it publishes.</summary>
internal sealed class RedisBackplane : IBackplane
{
    /// <summary>
    /// The longest message and value in bytes. Redis carries more, but closes connections that have 32 MiB unsent by default.
    /// </summary>
    public const int MostLength = 8 * 1024 * 1024;

    private const int MostSent = 10_000;

    private static readonly ReadOnlyMemory<byte> s_nobody = Envelope.Seal(Payload.NoResponder, null);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    private readonly IConnectionMultiplexer _connection;
    private readonly IDatabase _database;
    private readonly ISubscriber _subscriber;
    private readonly BackplaneWork _work;
    private readonly BrokerSockets _sockets;
    private readonly RedisWatch _watch;

    // It is not disposed: what was sent may be answered after the end.
    private readonly SemaphoreSlim _room = new(MostSent);
    private readonly ConcurrentDictionary<RedisSubscription, bool> _subscriptions = new();

    private volatile bool _isConnected = true;

    public RedisBackplane(IConnectionMultiplexer connection, string address, BrokerSockets sockets)
    {
        _connection = connection;
        _database = connection.GetDatabase();
        _subscriber = connection.GetSubscriber();
        _work = new BackplaneWork(address, IsLoss);
        _sockets = sockets;
        Address = address;
        connection.ConnectionFailed += Failed;
        connection.ConnectionRestored += Restored;
        _watch = new RedisWatch(_database, _subscriber, GiveUp);
    }

    public string Address { get; }

    public bool IsConnected => _isConnected;

    public event Action<bool>? ConnectionChanged;

    private bool AreBothConnected => _database.IsConnected("") && _subscriber.IsConnected();

    /// <summary>Whether an error is one of Redis, or of its client, which is disposed once the node has left.</summary>
    public static bool IsLoss(Exception error) => error is RedisException or RedisTimeoutException or RedisCommandException or ObjectDisposedException;

    public void Publish(string subject, Payload payload, string? reply = null)
    {
        if (!_isConnected)
            throw BackplaneException.Lost(Address);
        BackplaneException.ThrowIfTooLong(Address, payload.Bytes.Length, MostLength);
        _work.AddIfRoom(cancel => PublishAsync(subject, payload, reply, cancel));
    }

    public IDisposable Subscribe(string pattern, string? queue, Action<BackplaneMessage> received)
    {
        var subscription = new RedisSubscription(_database, pattern, queue, received);
        _subscriptions[subscription] = true;
        _work.Add(_ => subscription.BeginAsync());
        return new Ending(this, subscription);
    }

    public IStateStore OpenStore(string name) => new RedisStore(_database, name, Address);

    public async Task FlushAsync(CancellationToken cancel)
    {
        await _work.FlushAsync(cancel).ConfigureAwait(false);
        await _database.PingAsync().WaitAsync(cancel).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _connection.ConnectionFailed -= Failed;
        _connection.ConnectionRestored -= Restored;
        _watch.Dispose();
        _ = EndAsync();
    }

    private async Task EndAsync()
    {
        await _work.DisposeAsync().ConfigureAwait(false);
        _sockets.KeepRest();
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    // It does not wait for the answer: the client sends one after the other on the same connection.
    private async ValueTask PublishAsync(string subject, Payload payload, string? reply, CancellationToken cancel)
    {
        await _room.WaitAsync(cancel).ConfigureAwait(false);
        _ = SendAsync(subject, payload, reply);
    }

    private async Task SendAsync(string subject, Payload payload, string? reply)
    {
        try
        {
            if (_isConnected)
            {
                await _database.ScriptEvaluateAsync(
                    Scripts.Publish,
                    [Scripts.QueuesOf(subject), Scripts.PatternsOf(subject)],
                    [subject, Envelope.Seal(payload, reply), reply ?? "", s_nobody]).ConfigureAwait(false);
                _watch.Heard();
            }
        }
        catch (Exception e) when (IsLoss(e))
        {
            // The connection was lost meanwhile, and with it the message.
        }
        finally
        {
            _room.Release();
        }
    }

    private void GiveUp()
    {
        Change(isConnected: false);
        _sockets.Abort();
    }

    private void Failed(object? sender, ConnectionFailedEventArgs happened)
    {
        Change(isConnected: false);
        Restored(sender, happened);
    }

    // Both events come on threads of the pool, and one may overtake the other.
    private void Restored(object? sender, ConnectionFailedEventArgs happened) => _work.Add(RestoreAsync);

    /// <summary>Waits until all subscriptions are in force again, unless a connection is lost, whose return is an event as well.</summary>
    private async ValueTask RestoreAsync(CancellationToken cancel)
    {
        while (!_isConnected && AreBothConnected)
        {
            try
            {
                await _subscriber.PingAsync().ConfigureAwait(false);
                foreach (RedisSubscription subscription in _subscriptions.Keys)
                    await subscription.RegisterAsync().ConfigureAwait(false);
                Change(isConnected: true);
            }
            catch (Exception e) when (IsLoss(e))
            {
                await Task.Delay(s_pause, cancel).ConfigureAwait(false);
            }
        }
    }

    private void Change(bool isConnected)
    {
        if (_isConnected == isConnected)
            return;
        _isConnected = isConnected;
        ConnectionChanged?.Invoke(isConnected);
    }

    private sealed class Ending(RedisBackplane backplane, RedisSubscription subscription) : IDisposable
    {
        public void Dispose()
        {
            if (backplane._subscriptions.TryRemove(subscription, out _))
                backplane._work.Add(_ => subscription.EndAsync());
        }
    }
}
