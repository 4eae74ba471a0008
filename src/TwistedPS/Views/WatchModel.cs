using System.Runtime.CompilerServices;
using TwistedPS.Engine.Rates;

namespace TwistedPS.Views;

/// <summary>What the screen of Watch-Reactor shows: the last look, what was before, and what the keys have chosen.</summary>
internal sealed class WatchModel
{
    private const int MostHistory = 500;

    private readonly ConditionalWeakTable<Service, List<double>> _trends = [];

    /// <summary>The last look.</summary>
    public RateSample Last { get; private set; } = new(DateTimeOffset.MinValue, TimeSpan.Zero, [], []);

    /// <summary>The last warnings and errors, newest first.</summary>
    public IReadOnlyList<LogEntry> Troubles { get; private set; } = [];

    /// <summary>What all services have received a second, oldest first; the same of the others.</summary>
    public List<double> In { get; } = [];

    public List<double> Out { get; } = [];

    public List<double> BytesIn { get; } = [];

    public List<double> BytesOut { get; } = [];

    public RateOrder Order { get; set; }

    public bool IsReversed { get; private set; }

    public bool IsPaused { get; private set; }

    /// <summary>Whether the screen is to be left.</summary>
    public bool IsLeft { get; private set; }

    /// <summary>The number of services that are scrolled away at the top.</summary>
    public int Offset { get; private set; }

    /// <summary>The number of services that the screen has room for.</summary>
    public int Room { get; set; }

    /// <summary>The services in the chosen order.</summary>
    public IReadOnlyList<ServiceRate> Services { get; private set; } = [];

    /// <summary>The handlers of all services since the beginning, slowest first.</summary>
    public IEnumerable<(ServiceRate Service, HandlerRate Handler)> Handlers => Last.Services
        .SelectMany(service => service.HandlersSoFar.Select(handler => (service, handler)))
        .OrderByDescending(both => both.handler.P99);

    public void Add(RateSample sample, IReadOnlyList<LogEntry> troubles)
    {
        if (IsPaused)
            return;
        (Last, Troubles) = (sample, troubles);
        if (sample.Duration > TimeSpan.Zero)
            Remember(sample.Services);
        Sort();
    }

    /// <summary>Returns what a service has received and sent a second, oldest first.</summary>
    public IReadOnlyList<double> TrendOf(Service service) => _trends.GetOrCreateValue(service);

    /// <summary>Does what a key asks for.</summary>
    public void Handle(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Q or ConsoleKey.Escape:
                IsLeft = true;
                break;
            case ConsoleKey.Spacebar:
                IsPaused = !IsPaused;
                break;
            case ConsoleKey.UpArrow or ConsoleKey.DownArrow or ConsoleKey.PageUp or ConsoleKey.PageDown or ConsoleKey.Home or ConsoleKey.End:
                Scroll(key.Key);
                break;
            default:
                SortBy(char.ToLowerInvariant(key.KeyChar));
                break;
        }
    }

    private void Remember(ServiceRate[] services)
    {
        Add(In, services.Sum(service => service.InPerSecond));
        Add(Out, services.Sum(service => service.OutPerSecond ?? 0));
        Add(BytesIn, services.Sum(service => service.BytesInPerSecond ?? 0));
        Add(BytesOut, services.Sum(service => service.BytesOutPerSecond ?? 0));
        foreach (ServiceRate rate in services)
            Add(_trends.GetOrCreateValue(rate.Service), rate.InPerSecond + (rate.OutPerSecond ?? 0));
    }

    private static void Add(List<double> history, double value)
    {
        if (history.Count == MostHistory)
            history.RemoveAt(0);
        history.Add(value);
    }

    private void Scroll(ConsoleKey key)
    {
        Offset += key switch
        {
            ConsoleKey.UpArrow => -1,
            ConsoleKey.DownArrow => 1,
            ConsoleKey.PageUp => -Room,
            ConsoleKey.PageDown => Room,
            ConsoleKey.Home => -Services.Count,
            _ => Services.Count,
        };
        KeepInSight();
    }

    /// <summary>Scrolls back what has been scrolled too far.</summary>
    public void KeepInSight() => Offset = Math.Clamp(Offset, 0, Math.Max(0, Services.Count - Room));

    private void SortBy(char letter)
    {
        if (RateColumns.OrderOf(letter) is not { } order)
            return;
        IsReversed = order == Order && !IsReversed;
        Order = order;
        Sort();
    }

    private void Sort()
    {
        IOrderedEnumerable<ServiceRate> byFigure = Last.Services.OrderBy(rate => IsReversed ? FigureOf(rate) : -FigureOf(rate));
        Services = [.. Order == RateOrder.Name && IsReversed
            ? byFigure.ThenByDescending(rate => rate.Name, StringComparer.OrdinalIgnoreCase)
            : byFigure.ThenBy(rate => rate.Name, StringComparer.OrdinalIgnoreCase)];
        KeepInSight();
    }

    private double FigureOf(ServiceRate rate) => Order switch
    {
        RateOrder.In => rate.InPerSecond,
        RateOrder.Out => rate.OutPerSecond ?? 0,
        RateOrder.Bytes => (rate.BytesInPerSecond ?? 0) + (rate.BytesOutPerSecond ?? 0),
        RateOrder.Peers => rate.Peers ?? 0,
        RateOrder.P99 => rate.P99?.Ticks ?? 0,
        RateOrder.Load => rate.Load,
        RateOrder.Errors => rate.Service.ErrorCount,
        _ => 0,
    };
}
