using System.Globalization;
using TwistedPS.Engine.Rates;
using TwistedPS.Formatting;

namespace TwistedPS.Views;

/// <summary>Draws the screen of Watch-Reactor as lines of text, none wider than the terminal.</summary>
/// <param name="palette">The colours.</param>
/// <param name="text">Cuts and fills text.</param>
/// <param name="bars">The characters of sparklines, lowest first.</param>
internal sealed class WatchFrame(Palette palette, CellText text, string bars)
{
    private const int LowHeight = 9;
    private const int MostLines = 5;
    private const int WidestName = 24;
    private const int NarrowestTrend = 10;
    private const int NarrowestTrends = 50;

    private int _width;

    public IReadOnlyList<string> Draw(WatchModel model, TimeSpan interval, int width, int height)
    {
        _width = width;
        string[] heading = Heading(model, interval, isLow: height < LowHeight);
        int body = Math.Max(0, height - heading.Length - 1);
        (ServiceRate Service, HandlerRate Handler)[] handlers = [.. model.Handlers.Take(MostLines)];
        LogEntry[] troubles = [.. model.Troubles.Take(MostLines)];
        int services = Math.Min(1 + model.Services.Count, body - Math.Min(HeightOf(handlers) + HeightOf(troubles), body / 2));
        int left = body - services;
        int handlersHeight = Math.Min(HeightOf(handlers), Math.Max(left / 2, left - HeightOf(troubles)));
        model.Room = Math.Max(0, services - 1);
        model.KeepInSight();

        List<string> lines =
        [
            .. heading,
            .. Table(model),
            .. Section(
                "Slowest handlers since the beginning", handlersHeight, handlers, both => HandlerLine(both.Service.Name, both.Handler)),
            .. Section("Errors and warnings, newest first", left - handlersHeight, troubles, TroubleLine),
        ];
        lines.RemoveRange(Math.Min(lines.Count, height - 1), Math.Max(0, lines.Count - height + 1));
        lines.AddRange(Enumerable.Repeat("", Math.Max(0, height - 1 - lines.Count)));
        lines.Add(Keys(model));
        return lines;
    }

    // A blank line and the heading come with them.
    private static int HeightOf<T>(T[] lines) => lines.Length == 0 ? 0 : lines.Length + 2;

    private string[] Heading(WatchModel model, TimeSpan interval, bool isLow) => isLow
        ? [Title(model, interval)]
        : [
            Title(model, interval),
            Loads(model.Last.Reactors),
            Trend("messages/s", model.In, model.Out, value => Compact.Number(value)),
            Trend("bytes/s", model.BytesIn, model.BytesOut, value => Compact.Bytes(value)),
        ];

    private string Title(WatchModel model, TimeSpan interval)
    {
        string state = model.IsPaused ? "paused" : $"every {Compact.Time(interval)}";
        string order = $"by {model.Order.ToString().ToLowerInvariant()}{(model.IsReversed ? ", reversed" : "")}";
        string time = model.Last.Time.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        return palette.Bold(text.Cut($"{time}  {state}  {model.Services.Count} alive  {order}", _width));
    }

    private string Loads(ReactorRate[] reactors)
    {
        string line = "";
        string painted = "";
        foreach (ReactorRate rate in reactors)
        {
            string one = text.Cut(
                $"reactor {rate.Reactor.Id} {Compact.Percent(rate.Load),4} busy{(rate.Held is null ? "" : $", held by {rate.Held}")}  ",
                _width - line.Length);
            line += one;
            painted += rate.Load >= 0.95 ? palette.Bad(one) : rate.Load >= 0.75 ? palette.Warn(one) : one;
        }

        return painted;
    }

    private string Trend(string label, List<double> ins, List<double> outs, Func<double, string> format)
    {
        if (_width < NarrowestTrends)
            return text.Cut($"{label} {format(ins.LastOrDefault())} in, {format(outs.LastOrDefault())} out", _width);
        int half = (_width - 12) / 2;
        return $"{text.Left(label, 12)}{Half("in", ins, half, format)}{Half("out", outs, half, format)}";
    }

    private string Half(string label, List<double> values, int width, Func<double, string> format)
    {
        string figure = $"{text.Left(label, 4)}{text.Right(format(values.LastOrDefault()), 7)} ";
        return $"{figure}{palette.Bars(Sparkline.Draw(values, width - figure.Length - 1, bars))} ";
    }

    private IEnumerable<string> Table(WatchModel model)
    {
        RateColumn[] columns = RateColumns.Fit(_width, out int rest);
        int widening = Math.Max(0, Math.Min(rest - NarrowestTrend - 1, WidestName - columns[0].Width));
        int trend = rest > NarrowestTrend ? rest - widening - 1 : 0;
        columns[0] = columns[0] with { Width = Math.Min(_width, columns[0].Width + (trend > 0 ? widening : Math.Max(0, rest))) };
        string heading = string.Join(' ', columns.Select(column => Fit(column, column.Label)));
        yield return palette.Heading(text.Left(trend > 0 ? $"{heading} Trend" : heading, _width));
        foreach (ServiceRate rate in model.Services.Skip(model.Offset).Take(model.Room))
        {
            string line = Paint(rate, string.Join(' ', columns.Select(column => Fit(column, column.Text(rate)))));
            yield return trend > 0 ? $"{line} {palette.Bars(Sparkline.Draw(model.TrendOf(rate.Service), trend, bars))}" : line;
        }
    }

    private string Fit(RateColumn column, string value) =>
        column.IsWords ? text.Left(value, column.Width) : text.Right(value, column.Width);

    private string Paint(ServiceRate rate, string line) => rate switch
    {
        { Errors: > 0 } or { Status: "Failed" } => palette.Bad(line),
        { Status: "Connecting" or "Waiting" or "Stopping" } => palette.Warn(line),
        { Status: "Running" or "Connected" or "Starting" } => line,
        _ => palette.Dim(line),
    };

    private IEnumerable<string> Section<T>(string heading, int height, T[] items, Func<T, string> draw) =>
        height < 3 || items.Length == 0 ? [] : ["", palette.Bold(text.Cut(heading, _width)), .. items.Take(height - 2).Select(draw)];

    private string HandlerLine(string owner, HandlerRate handler)
    {
        string figures = $"{Compact.Number(handler.Calls),7} calls  p50 {Compact.Time(handler.P50),6}  p99 {Compact.Time(handler.P99),6}";
        string longest = $"  longest {Compact.Time(handler.Longest),6}  {Compact.Percent(handler.Load),4}";
        string shown = _width >= figures.Length + longest.Length + 20 ? figures + longest : figures;
        return $"{text.Left($"{handler.Handler} of {owner}", Math.Max(0, _width - shown.Length))}{text.Cut(shown, _width)}";
    }

    private string TroubleLine(LogEntry entry)
    {
        string line = text.Cut(
            $"{entry.Time.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {entry.Source}: {entry.Message}", _width);
        return entry.Level >= LogLevel.Error ? palette.Bad(line) : palette.Warn(line);
    }

    private string Keys(WatchModel model)
    {
        int last = Math.Min(model.Offset + model.Room, model.Services.Count);
        string part = model.Services.Count > model.Room ? $"{model.Offset + 1}-{last} of {model.Services.Count} ↑↓  " : "";
        return palette.Dim(text.Cut($"{part}q quit  space pause  by {RateColumns.Keys}", _width));
    }
}
