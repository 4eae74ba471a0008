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

    public Task<StoredValue?> GetAsync(string key, CancellationToken cancel) => WorkAsync(async store =>
    {
        try
        {
            NatsKVEntry<byte[]> entry = await store.GetEntryAsync<byte[]>(key, cancellationToken: cancel).ConfigureAwait(false);
            return new StoredValue(entry.Value, entry.Revision);
        }
        catch (NatsKVException e) when (e is NatsKVKeyNotFoundException or NatsKVKeyDeletedException)
        {
            return null;
        }
    }, cancel);

    public Task<bool> SetAsync(string key, ReadOnlyMemory<byte>? value, ulong? revision, CancellationToken cancel) => WorkAsync(async store =>
    {
        NatsBackplane.RefuseTooLong(connection, address, value?.Length ?? 0);
        try
        {
            await SetAsync(store, key, value, revision, cancel).ConfigureAwait(false);
            return true;
        }
        catch (NatsKVException e) when (e is NatsKVWrongLastRevisionException or NatsKVCreateException)
        {
            return false;
        }
    }, cancel);

    private static async Task SetAsync(INatsKVStore store, string key, ReadOnlyMemory<byte>? value, ulong? revision, CancellationToken cancel)
    {
        if (value is not { } bytes)
            await store.DeleteAsync(key, new NatsKVDeleteOpts { Revision = revision ?? 0 }, cancel).ConfigureAwait(false);
        else if (revision is null)
            await store.PutAsync(key, bytes, cancellationToken: cancel).ConfigureAwait(false);
        else if (revision == 0)
            await store.CreateAsync(key, bytes, cancellationToken: cancel).ConfigureAwait(false);
        else
            await store.UpdateAsync(key, bytes, revision.Value, cancellationToken: cancel).ConfigureAwait(false);
    }

    private async Task<T> WorkAsync<T>(Func<INatsKVStore, Task<T>> work, CancellationToken cancel)
    {
        try
        {
            _store ??= await OpenAsync(cancel).ConfigureAwait(false);
            return await work(_store).ConfigureAwait(false);
        }
        catch (NatsException e)
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

    private BackplaneException Failure(NatsException error) =>
        error is NatsNoRespondersException or NatsJSApiNoResponseException or NatsJSApiException { Error.Code: Unavailable }
            ? new BackplaneException(BackplaneFault.NoStore, $"The broker {address} keeps no values: it runs without JetStream.", error)
            : new BackplaneException(BackplaneFault.Disconnected, $"The broker {address} has not done it: {error.Message.TrimEnd('.')}.", error);
}
