using TwistedPS.Formatting;

namespace TwistedPS.Views;

/// <summary>The columns of the table of services, and which of them fit.</summary>
internal static class RateColumns
{
    private const int Gap = 1;

    private static readonly RateColumn s_name = new("Name", 12, rate => rate.Name, IsWords: true);
    private static readonly RateColumn s_status = new("Status", 9, rate => rate.Status, IsWords: true);
    private static readonly RateColumn s_kind = new("Kind", 12, rate => rate.Kind, IsWords: true);
    private static readonly RateColumn s_reactor = new("Reactor", 7, rate => $"{rate.ReactorId}");
    private static readonly RateColumn s_peers = new("Peers", 5, rate => $"{rate.Peers}");
    private static readonly RateColumn s_in = new("In/s", 5, rate => Compact.Number(rate.InPerSecond));
    private static readonly RateColumn s_out = new("Out/s", 5, rate => Compact.Number(rate.OutPerSecond));
    private static readonly RateColumn s_bytesIn = new("BytesIn", 7, rate => Compact.Bytes(rate.BytesInPerSecond));
    private static readonly RateColumn s_bytesOut = new("BytesOut", 8, rate => Compact.Bytes(rate.BytesOutPerSecond));
    private static readonly RateColumn s_p50 = new("P50", 6, rate => Compact.Time(rate.P50));
    private static readonly RateColumn s_p99 = new("P99", 6, rate => Compact.Time(rate.P99));
    private static readonly RateColumn s_load = new("Load", 4, rate => Compact.Percent(rate.Load));
    private static readonly RateColumn s_errors = new("Errors", 6, rate => $"{rate.Service.ErrorCount}");

    // From left to right.
    private static readonly RateColumn[] s_all =
        [s_name, s_status, s_kind, s_reactor, s_peers, s_in, s_out, s_bytesIn, s_bytesOut, s_p50, s_p99, s_load, s_errors];

    // What matters most first: a narrow terminal shows the first few.
    private static readonly RateColumn[] s_ranked =
        [s_name, s_in, s_out, s_errors, s_p99, s_bytesIn, s_bytesOut, s_load, s_peers, s_p50, s_status, s_kind, s_reactor];

    private static readonly (char Letter, RateOrder Order)[] s_letters =
    [
        ('n', RateOrder.Name), ('i', RateOrder.In), ('o', RateOrder.Out), ('b', RateOrder.Bytes),
        ('p', RateOrder.Peers), ('t', RateOrder.P99), ('l', RateOrder.Load), ('e', RateOrder.Errors),
    ];

    /// <summary>The orders by words whose first letters choose them.</summary>
    public const string Keys = "Name In Out Bytes Peers Time Load Errors";

    public static RateOrder? OrderOf(char letter) =>
        s_letters.Where(key => key.Letter == letter).Select(key => (RateOrder?)key.Order).FirstOrDefault();

    /// <summary>Returns the columns that fit, from left to right, the first of which takes what is left.</summary>
    /// <param name="width">The width of all in cells.</param>
    /// <param name="rest">What is left beside the widths of all.</param>
    public static RateColumn[] Fit(int width, out int rest)
    {
        var chosen = new HashSet<RateColumn>();
        rest = width + Gap;
        foreach (RateColumn column in s_ranked)
        {
            if (column.Width + Gap > rest && column != s_name)
                continue;
            chosen.Add(column);
            rest -= column.Width + Gap;
        }

        return [.. s_all.Where(chosen.Contains)];
    }
}
