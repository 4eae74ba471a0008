namespace TwistedPS.Engine.Groups;

/// <summary>
/// The values that the nodes of a cluster share, by their keys. A value is bytes, at least one; null stands for none. What a
/// member does is one change, whoever else changes the value at that time. Members may be called from any thread, and throw a
/// <see cref="BackplaneException"/> if the broker can't be reached, or keeps no values.
/// </summary>
internal interface IStateStore
{
    /// <summary>Returns a value.</summary>
    Task<byte[]?> GetAsync(string key, CancellationToken cancel);

    /// <summary>Sets a value, whatever it was. When the wait is cancelled, it may be set nevertheless.</summary>
    Task SetAsync(string key, byte[]? value, CancellationToken cancel);

    /// <summary>Sets a value if it is the expected one, byte by byte.</summary>
    /// <returns>False if it was another, and still is.</returns>
    Task<bool> CompareAndSetAsync(string key, byte[]? expected, byte[]? value, CancellationToken cancel);

    /// <summary>Adds to a whole number in decimal digits, which is 0 where there is none.</summary>
    /// <returns>The sum.</returns>
    /// <exception cref="FormatException">The value is no whole number of 64 bits.</exception>
    /// <exception cref="OverflowException">The sum has more than 64 bits.</exception>
    Task<long> IncrementAsync(string key, long by, CancellationToken cancel);
}
