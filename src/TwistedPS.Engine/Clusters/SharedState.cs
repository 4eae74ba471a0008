using System.Buffers.Text;
using System.Globalization;
using System.Text;
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
        JsonOf(await cluster.Store.GetAsync(key, cancel).ConfigureAwait(false));

    /// <summary>Sets a value, whatever it was.</summary>
    /// <exception cref="BackplaneException">The broker can't be reached, or keeps no values.</exception>
    public async Task SetAsync(string key, byte[] value, CancellationToken cancel) =>
        await cluster.Store.SetAsync(key, Stored(value), null, cancel).ConfigureAwait(false);

    /// <summary>Sets a value if it is the expected one, byte by byte.</summary>
    /// <returns>False if it was another, and still is.</returns>
    /// <exception cref="BackplaneException">The broker can't be reached, or keeps no values.</exception>
    public async Task<bool> CompareAndSetAsync(string key, byte[] expected, byte[] value, CancellationToken cancel)
    {
        IStateStore store = cluster.Store;
        while (true)
        {
            StoredValue? now = await store.GetAsync(key, cancel).ConfigureAwait(false);
            if (!JsonOf(now).AsSpan().SequenceEqual(expected))
                return false;
            if (now is null && Stored(value) is null)
                return true;
            if (await store.SetAsync(key, Stored(value), now?.Revision ?? 0, cancel).ConfigureAwait(false))
                return true;
        }
    }

    /// <summary>Adds to a whole number, which is 0 where there is none.</summary>
    /// <returns>The sum.</returns>
    /// <exception cref="BackplaneException">The broker can't be reached, or keeps no values.</exception>
    /// <exception cref="FormatException">The value is no whole number.</exception>
    /// <exception cref="OverflowException">The sum has more than 64 bits.</exception>
    public async Task<long> IncrementAsync(string key, long by, CancellationToken cancel)
    {
        IStateStore store = cluster.Store;
        while (true)
        {
            StoredValue? now = await store.GetAsync(key, cancel).ConfigureAwait(false);
            long sum = checked((now is null ? 0 : NumberOf(now)) + by);
            byte[] text = Encoding.UTF8.GetBytes(sum.ToString(CultureInfo.InvariantCulture));
            if (await store.SetAsync(key, text, now?.Revision ?? 0, cancel).ConfigureAwait(false))
                return sum;
        }
    }

    private static long NumberOf(StoredValue value) =>
        Utf8Parser.TryParse(value.Bytes.Span, out long number, out int length) && length == value.Bytes.Length
            ? number
            : throw new FormatException("It is no whole number of 64 bits.");

    private static byte[] JsonOf(StoredValue? value) => value?.Bytes.ToArray() ?? s_null;

    private static ReadOnlyMemory<byte>? Stored(byte[] json) =>
        json.AsSpan().SequenceEqual(s_null) ? default(ReadOnlyMemory<byte>?) : json;

    [GeneratedRegex(@"\A(?=.{1,200}\z)[A-Za-z0-9_/=-]+(\.[A-Za-z0-9_/=-]+)*\z")]
    private static partial Regex Fit();
}
