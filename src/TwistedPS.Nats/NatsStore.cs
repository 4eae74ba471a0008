using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.KeyValueStore;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Nats;

/// <summary>A bucket of JetStream's key-value store, which is made when it is needed.</summary>
internal sealed class NatsStore(NatsConnection connection, string bucket, string address) : IStateStore
{
    private const int NotFound = 404;
    private const int Unavailable = 503;

    private readonly NatsKVContext _context = new(new NatsJSContext(connection));
    private volatile INatsKVStore? _store;

    public Task<byte[]?> GetAsync(string key, CancellationToken cancel) =>
        WorkAsync(async store => (await ReadAsync(store, key, cancel).ConfigureAwait(false)).Value, cancel);

    public Task SetAsync(string key, byte[]? value, CancellationToken cancel) => WorkAsync(async store =>
    {
        NatsBackplane.RefuseTooLong(connection, address, value?.Length ?? 0);
        if (value is null)
            await store.DeleteAsync(key, cancellationToken: cancel).ConfigureAwait(false);
        else
            await store.PutAsync(key, value, cancellationToken: cancel).ConfigureAwait(false);
        return true;
    }, cancel);

    public Task<bool> CompareAndSetAsync(string key, byte[]? expected, byte[]? value, CancellationToken cancel) => WorkAsync(async store =>
    {
        NatsBackplane.RefuseTooLong(connection, address, value?.Length ?? 0);
        while (true)
        {
            (byte[]? now, ulong revision) = await ReadAsync(store, key, cancel).ConfigureAwait(false);
            if (!now.AsSpan().SequenceEqual(expected))
                return false;
            if ((now is null && value is null) || await ReplaceAsync(store, key, value, revision, cancel).ConfigureAwait(false))
                return true;
        }
    }, cancel);

    public Task<long> IncrementAsync(string key, long by, CancellationToken cancel) => WorkAsync(async store =>
    {
        while (true)
        {
            (byte[]? now, ulong revision) = await ReadAsync(store, key, cancel).ConfigureAwait(false);
            long sum = checked(StoredNumber.Read(now) + by);
            if (await ReplaceAsync(store, key, StoredNumber.Write(sum), revision, cancel).ConfigureAwait(false))
                return sum;
        }
    }, cancel);

    /// <summary>Returns a value and its revision, which each change makes another; 0 where there is none.</summary>
    private static async Task<(byte[]? Value, ulong Revision)> ReadAsync(INatsKVStore store, string key, CancellationToken cancel)
    {
        try
        {
            NatsKVEntry<byte[]> entry = await store.GetEntryAsync<byte[]>(key, cancellationToken: cancel).ConfigureAwait(false);
            return (entry.Value, entry.Revision);
        }
        catch (NatsKVException e) when (e is NatsKVKeyNotFoundException or NatsKVKeyDeletedException)
        {
            return default;
        }
    }

    /// <summary>Sets a value that has a revision.</summary>
    /// <returns>False if it has another one by now.</returns>
    private static async Task<bool> ReplaceAsync(INatsKVStore store, string key, byte[]? value, ulong revision, CancellationToken cancel)
    {
        try
        {
            if (value is null)
                await store.DeleteAsync(key, new NatsKVDeleteOpts { Revision = revision }, cancel).ConfigureAwait(false);
            else if (revision == 0)
                await store.CreateAsync(key, value, cancellationToken: cancel).ConfigureAwait(false);
            else
                await store.UpdateAsync(key, value, revision, cancellationToken: cancel).ConfigureAwait(false);
            return true;
        }
        catch (NatsKVException e) when (e is NatsKVWrongLastRevisionException or NatsKVCreateException)
        {
            return false;
        }
    }

    private async Task<T> WorkAsync<T>(Func<INatsKVStore, Task<T>> work, CancellationToken cancel)
    {
        try
        {
            _store ??= await OpenAsync(cancel).ConfigureAwait(false);
            return await work(_store).ConfigureAwait(false);
        }
        catch (Exception e) when (NatsBackplane.IsLoss(e))
        {
            // A broker that has come back without its data needs the bucket anew.
            _store = null;
            throw Failure(e);
        }
    }

    private async Task<INatsKVStore> OpenAsync(CancellationToken cancel)
    {
        try
        {
            return await _context.GetStoreAsync(bucket, cancel).ConfigureAwait(false);
        }
        catch (NatsJSApiException e) when (e.Error.Code == NotFound)
        {
            return await _context.CreateStoreAsync(bucket, cancel).ConfigureAwait(false);
        }
    }

    private BackplaneException Failure(Exception error) =>
        error is NatsNoRespondersException or NatsJSApiNoResponseException or NatsJSApiException { Error.Code: Unavailable }
            ? new BackplaneException(BackplaneFault.NoStore, $"The broker {address} keeps no values: it runs without JetStream.", error)
            : BackplaneException.NotDone(address, error);
}
