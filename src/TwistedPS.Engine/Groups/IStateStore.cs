namespace TwistedPS.Engine.Groups;

/// <summary>The values that the nodes of a cluster share, by their keys. Members may be called from any thread.</summary>
internal interface IStateStore
{
    /// <summary>Returns a value; null if there is none.</summary>
    /// <exception cref="BackplaneException">The broker can't be reached, or keeps no values.</exception>
    Task<StoredValue?> GetAsync(string key, CancellationToken cancel);

    /// <summary>Sets a value, or removes it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; null to remove it.</param>
    /// <param name="revision">The revision that it must have now, 0 for none; null for any.</param>
    /// <param name="cancel">Ends the wait; the value may be set nevertheless.</param>
    /// <returns>False if it has another revision.</returns>
    /// <exception cref="BackplaneException">The broker can't be reached, or keeps no values.</exception>
    Task<bool> SetAsync(string key, ReadOnlyMemory<byte>? value, ulong? revision, CancellationToken cancel);
}
