using System.Globalization;

namespace TwistedPS.Bench;

/// <summary>The figures that Redis's benchmark writes, of all its kinds of requests together.</summary>
/// <param name="PerSecond">The requests in a second, where each kind has as many.</param>
/// <param name="P50">The median latency in microseconds, the mean of the kinds.</param>
/// <param name="P99">The 99th percentile of the latency, likewise.</param>
internal sealed record RedisFigures(double PerSecond, double P50, double P99)
{
    /// <summary>Parses its output with <c>--csv</c>: a line of headings, and one for each kind, all in quotes.</summary>
    /// <exception cref="IOException">It is something else.</exception>
    public static RedisFigures Parse(string output)
    {
        string[][] lines = output.Split('\n')
            .Where(line => line.StartsWith('"'))
            .Select(line => line.Trim().Trim('"').Split("\",\""))
            .ToArray();
        if (lines is not [var headings, _, ..])
            throw new IOException($"The benchmark wrote no figures: {output}");
        double[] Column(string name) =>
            [.. lines[1..].Select(line => double.Parse(line[Array.IndexOf(headings, name)], CultureInfo.InvariantCulture))];
        double[] rates = Column("rps");
        return new RedisFigures(
            rates.Length / rates.Sum(rate => 1 / rate), Column("p50_latency_ms").Average() * 1000, Column("p99_latency_ms").Average() * 1000);
    }
}
