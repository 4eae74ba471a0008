namespace TwistedPS.Engine.Groups;

/// <summary>Values within the process. Thread-safe.</summary>
internal sealed class LocalStore : IStateStore
{
    private readonly Dictionary<string, byte[]> _values = new(StringComparer.Ordinal);

    public Task<byte[]?> GetAsync(string key, CancellationToken cancel)
    {
        lock (_values)
            return Task.FromResult(_values.GetValueOrDefault(key));
    }

    public Task SetAsync(string key, byte[]? value, CancellationToken cancel)
    {
        lock (_values)
            Put(key, value);
        return Task.CompletedTask;
    }

    public Task<bool> CompareAndSetAsync(string key, byte[]? expected, byte[]? value, CancellationToken cancel)
    {
        lock (_values)
        {
            if (!_values.GetValueOrDefault(key).AsSpan().SequenceEqual(expected))
                return Task.FromResult(false);
            Put(key, value);
            return Task.FromResult(true);
        }
    }

    public async Task<long> IncrementAsync(string key, long by, CancellationToken cancel)
    {
        lock (_values)
        {
            long sum = checked(StoredNumber.Read(_values.GetValueOrDefault(key)) + by);
            Put(key, StoredNumber.Write(sum));
            return sum;
        }
    }

    private void Put(string key, byte[]? value)
    {
        if (value is null)
            _values.Remove(key);
        else
            _values[key] = value;
    }
}
