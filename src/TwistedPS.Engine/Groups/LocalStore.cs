namespace TwistedPS.Engine.Groups;

/// <summary>Values within the process. Thread-safe.</summary>
internal sealed class LocalStore : IStateStore
{
    private readonly Dictionary<string, StoredValue> _values = new(StringComparer.Ordinal);
    private ulong _last;

    public Task<StoredValue?> GetAsync(string key, CancellationToken cancel)
    {
        lock (_values)
            return Task.FromResult(_values.GetValueOrDefault(key));
    }

    public Task<bool> SetAsync(string key, ReadOnlyMemory<byte>? value, ulong? revision, CancellationToken cancel)
    {
        lock (_values)
        {
            if (revision is { } expected && (_values.GetValueOrDefault(key)?.Revision ?? 0) != expected)
                return Task.FromResult(false);
            if (value is { } bytes)
                _values[key] = new StoredValue(bytes, ++_last);
            else
                _values.Remove(key);
            return Task.FromResult(true);
        }
    }
}
