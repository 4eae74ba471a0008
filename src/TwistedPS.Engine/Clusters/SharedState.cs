using System.Text.RegularExpressions;
using TwistedPS.Engine.Groups;

namespace TwistedPS.Engine.Clusters;

/// <summary>The values that the nodes of the cluster share, as JSON in UTF-8; null is none. Thread-safe.</summary>
internal sealed partial class SharedState(ReactorCluster cluster)
{
    private static readonly byte[] s_null = "null"u8.ToArray();

    /// <summary>Returns what is wrong with a key; null if a value can have it.</summary>
    public static string? WhyInvalid(string key) => Fit().IsMatch(key)
        ? null
        : "it must be letters, digits and - _ / = in words with dots between, 200 characters at most";

    /// <summary>Returns a value.</summary>
    /// <exception cref="BackplaneException">The broker can't be reached, or keeps no values.</exception>
    public async Task<byte[]> GetAsync(string key, CancellationToken cancel) =>
        await cluster.Store.GetAsync(key, cancel).ConfigureAwait(false) ?? s_null;

    /// <summary>Sets a value, whatever it was.</summary>
    /// <exception cref="BackplaneException">The broker can't be reached, or keeps no values.</exception>
    public async Task SetAsync(string key, byte[] value, CancellationToken cancel) =>
        await cluster.Store.SetAsync(key, Stored(value), cancel).ConfigureAwait(false);

    /// <summary>Sets a value if it is the expected one, byte by byte.</summary>
    /// <returns>False if it was another, and still is.</returns>
    /// <exception cref="BackplaneException">The broker can't be reached, or keeps no values.</exception>
    public async Task<bool> CompareAndSetAsync(string key, byte[] expected, byte[] value, CancellationToken cancel) =>
        await cluster.Store.CompareAndSetAsync(key, Stored(expected), Stored(value), cancel).ConfigureAwait(false);

    /// <summary>Adds to a whole number, which is 0 where there is none.</summary>
    /// <returns>The sum.</returns>
    /// <exception cref="BackplaneException">The broker can't be reached, or keeps no values.</exception>
    /// <exception cref="FormatException">The value is no whole number.</exception>
    /// <exception cref="OverflowException">The sum has more than 64 bits.</exception>
    public async Task<long> IncrementAsync(string key, long by, CancellationToken cancel) =>
        await cluster.Store.IncrementAsync(key, by, cancel).ConfigureAwait(false);

    private static byte[]? Stored(byte[] json) => json.AsSpan().SequenceEqual(s_null) ? null : json;

    [GeneratedRegex(@"\A(?=.{1,200}\z)[A-Za-z0-9_/=-]+(\.[A-Za-z0-9_/=-]+)*\z")]
    private static partial Regex Fit();
}
