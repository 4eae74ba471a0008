using StackExchange.Redis;

namespace TwistedPS.Redis;

/// <summary>
/// Asks Redis at intervals whether it is there, on both connections. The client waits for the system to give up one that is
/// cut, and where it gives it up itself, it raises no event.
/// </summary>
internal sealed class RedisWatch : IDisposable
{
    /// <summary>The longest time to wait for an answer. With the pause before, a node knows within 6 s that Redis is silent.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly IDatabase _database;
    private readonly ISubscriber _subscriber;
    private readonly Action _giveUp;
    private readonly CancellationTokenSource _ended = new();
    private long _heard;

    /// <param name="database">The connection for what is asked and published.</param>
    /// <param name="subscriber">The connection of the subscriptions.</param>
    /// <param name="giveUp">Called when Redis has been silent for too long.</param>
    public RedisWatch(IDatabase database, ISubscriber subscriber, Action giveUp)
    {
        _database = database;
        _subscriber = subscriber;
        _giveUp = giveUp;
        _ = WatchAsync();
    }

    /// <summary>Notes an answer: where many are due, that to the watch comes late.</summary>
    public void Heard() => Volatile.Write(ref _heard, TimeProvider.System.GetTimestamp());

    public void Dispose() => _ended.Cancel();

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(s_pause);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false))
            {
                if (await IsSilentAsync().ConfigureAwait(false))
                    _giveUp();
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody needs it any more.
        }
    }

    private async Task<bool> IsSilentAsync()
    {
        Task<bool> subscriber = IsSilentAsync(() => _subscriber.PingAsync());
        bool isSilent = await IsSilentAsync(() => _database.PingAsync()).ConfigureAwait(false);
        return (isSilent && TimeProvider.System.GetElapsedTime(Volatile.Read(ref _heard)) > Limit) || await subscriber.ConfigureAwait(false);
    }

    private async Task<bool> IsSilentAsync(Func<Task> ask)
    {
        try
        {
            await ask().WaitAsync(Limit, _ended.Token).ConfigureAwait(false);
            return false;
        }
        catch (TimeoutException)
        {
            return true;
        }
        catch (Exception e) when (RedisBackplane.IsLoss(e))
        {
            // The client knows that the connection is lost.
            return false;
        }
    }
}
