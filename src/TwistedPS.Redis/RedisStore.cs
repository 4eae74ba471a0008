using StackExchange.Redis;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Redis;

/// <summary>Values of Redis, whose keys have the name of the store before them.</summary>
internal sealed class RedisStore(IDatabase database, string name, string address) : IStateStore
{
    public Task<byte[]?> GetAsync(string key, CancellationToken cancel) =>
        WorkAsync(async () => (byte[]?)await database.StringGetAsync(KeyOf(key)).ConfigureAwait(false), cancel);

    public Task SetAsync(string key, byte[]? value, CancellationToken cancel)
    {
        RefuseTooLong(value);
        return WorkAsync(() => value is null ? database.KeyDeleteAsync(KeyOf(key)) : database.StringSetAsync(KeyOf(key), value), cancel);
    }

    public Task<bool> CompareAndSetAsync(string key, byte[]? expected, byte[]? value, CancellationToken cancel)
    {
        RefuseTooLong(value);
        return WorkAsync(
            async () => (bool)await database.ScriptEvaluateAsync(Scripts.CompareAndSet, [KeyOf(key)], [expected ?? [], value ?? []]).ConfigureAwait(false),
            cancel);
    }

    public async Task<long> IncrementAsync(string key, long by, CancellationToken cancel)
    {
        try
        {
            return await database.StringIncrementAsync(KeyOf(key), by).WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (RedisServerException e) when (e.Message.Contains("not an integer", StringComparison.Ordinal))
        {
            throw StoredNumber.Invalid(e);
        }
        catch (RedisServerException e) when (e.Message.Contains("overflow", StringComparison.Ordinal))
        {
            throw new OverflowException(null, e);
        }
        catch (Exception e) when (RedisBackplane.IsLoss(e))
        {
            throw BackplaneException.NotDone(address, e);
        }
    }

    private RedisKey KeyOf(string key) => $"{name}:{key}";

    private void RefuseTooLong(byte[]? value) => BackplaneException.ThrowIfTooLong(address, value?.Length ?? 0, RedisBackplane.MostLength);

    private async Task<T> WorkAsync<T>(Func<Task<T>> work, CancellationToken cancel)
    {
        try
        {
            return await work().WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (RedisBackplane.IsLoss(e))
        {
            throw BackplaneException.NotDone(address, e);
        }
    }
}
