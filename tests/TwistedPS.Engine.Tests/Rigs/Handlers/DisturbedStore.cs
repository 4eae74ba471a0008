namespace TwistedPS.Tests;

/// <summary>A store in which somebody else can come in between, once.</summary>
internal sealed class DisturbedStore : IStateStore
{
    private readonly LocalStore _inner = new();

    /// <summary>Called before the next value is set.</summary>
    public Func<Task>? BeforeSet { get; set; }

    public Task<StoredValue?> GetAsync(string key, CancellationToken cancel) => _inner.GetAsync(key, cancel);

    public async Task<bool> SetAsync(string key, ReadOnlyMemory<byte>? value, ulong? revision, CancellationToken cancel)
    {
        if (BeforeSet is { } disturb)
        {
            BeforeSet = null;
            await disturb();
        }

        return await _inner.SetAsync(key, value, revision, cancel);
    }
}
