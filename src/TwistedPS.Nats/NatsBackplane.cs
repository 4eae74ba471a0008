using System.Threading.Channels;
using NATS.Client.Core;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Nats;

/// <summary>
/// A connection to NATS. All that the node asks of it goes through one queue, so that it keeps its order, and nobody waits for
/// the network.
/// </summary>
internal sealed class NatsBackplane : IBackplane
{
    private const int MostQueued = 100_000;

    private readonly NatsConnection _connection;
    private readonly CancellationTokenSource _ended = new();
    private readonly Channel<Func<CancellationToken, ValueTask>> _work = Channel.CreateBounded<Func<CancellationToken, ValueTask>>(
        new BoundedChannelOptions(MostQueued) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private volatile bool _isConnected = true;

    public NatsBackplane(NatsConnection connection, string address)
    {
        _connection = connection;
        Address = address;
        connection.ConnectionDisconnected += Disconnected;
        connection.ConnectionOpened += Opened;
        _ = WorkAsync();
    }

    public string Address { get; }

    public bool IsConnected => _isConnected;

    public event Action<bool>? ConnectionChanged;

    public void Publish(string subject, Payload payload, string? reply = null)
    {
        if (!_isConnected)
            throw new BackplaneException(BackplaneFault.Disconnected, $"The connection to the broker {Address} is lost.");
        RefuseTooLong(_connection, Address, payload.Bytes.Length);
        Enqueue(cancel => PublishAsync(subject, payload, reply, cancel));
    }

    public IDisposable Subscribe(string pattern, string? queue, Action<BackplaneMessage> received)
    {
        var subscription = new NatsSubscription(_connection, pattern, queue, received);
        Enqueue(subscription.BeginAsync);
        return subscription;
    }

    public IStateStore OpenStore(string name) => new NatsStore(_connection, name, Address);

    public async Task FlushAsync(CancellationToken cancel)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(_ =>
        {
            done.SetResult();
            return default;
        });
        await done.Task.WaitAsync(cancel).ConfigureAwait(false);
        await _connection.PingAsync(cancel).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _connection.ConnectionDisconnected -= Disconnected;
        _connection.ConnectionOpened -= Opened;
        _work.Writer.TryComplete();
        _ended.Cancel();
        _ = _connection.DisposeAsync().AsTask();
    }

    /// <summary>Throws if the broker does not carry so many bytes.</summary>
    public static void RefuseTooLong(NatsConnection connection, string address, int length)
    {
        if (connection.ServerInfo is { MaxPayload: > 0 and var limit } && length > limit)
            throw new BackplaneException(BackplaneFault.TooLong, $"A message of {length} bytes is too long: the broker {address} carries {limit}.");
    }

    private void Enqueue(Func<CancellationToken, ValueTask> work)
    {
        if (!_work.Writer.TryWrite(work))
            throw new BackplaneException(BackplaneFault.Disconnected, $"{MostQueued} messages wait for the broker {Address} already.");
    }

    private async Task WorkAsync()
    {
        await foreach (Func<CancellationToken, ValueTask> work in _work.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await work(_ended.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is NatsException or OperationCanceledException or IOException or ObjectDisposedException)
            {
                // The connection was lost meanwhile, and with it the message: each arrives at most once.
            }
        }
    }

    private ValueTask PublishAsync(string subject, Payload payload, string? reply, CancellationToken cancel) =>
        _isConnected ? _connection.PublishAsync(subject, payload.Bytes, Headers.Of(payload), reply, cancellationToken: cancel) : default;

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
