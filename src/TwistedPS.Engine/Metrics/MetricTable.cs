using TwistedPS.Engine.Measures;
using TwistedPS.Engine.Rates;
using static TwistedPS.Engine.Metrics.MetricAttributes;

namespace TwistedPS.Engine.Metrics;

/// <summary>All instruments of the meter.</summary>
internal static class MetricTable
{
    /// <summary>The times of handlers, which are measured only while somebody wants them.</summary>
    public static Metric HandlerDuration { get; } = new(
        "twistedps.handler.duration", MetricKind.Histogram, Metric.Seconds, "The time of each call of a handler");

    /// <summary>The time that reactors have worked, which is measured only while somebody wants it.</summary>
    public static ObservedMetric ReactorBusyTime { get; } = new(
        "twistedps.reactor.busy.time",
        MetricKind.Counter,
        Metric.Seconds,
        "The time that the thread of a reactor has worked, and not waited, since it is measured",
        () => MeteredReactors.All.Select(BusyTime));

    /// <summary>All that are read when somebody asks.</summary>
    public static IReadOnlyList<ObservedMetric> Observed { get; } =
    [
        Servers<Server>("active_connections", MetricKind.UpDownCounter, "{connection}", "The open connections", it => it.ConnectionCount),
        Servers<Server>("accepted_connections", MetricKind.Counter, "{connection}", "The connections accepted so far", it => it.TotalConnections),
        Servers<HttpServer>("active_requests", MetricKind.UpDownCounter, "{request}", "The HTTP requests in progress", it => it.RequestsUnderWay),
        Servers<HttpServer>("refused_requests", MetricKind.Counter, "{request}", "The HTTP requests passed to no handler", it => it.Refused),
        BothWays("messages", "{message}", "The lines, messages, datagrams or HTTP requests", counts => (counts.In, counts.Out)),
        Servers<DatagramServer>("dropped_messages", MetricKind.Counter, "{message}", "The datagrams lost on this side", it => it.Dropped),
        BothWays("network.io", Metric.Bytes, "The bytes", counts => (counts.BytesIn, counts.BytesOut)),
        Servers<Server>("send_queue.size", MetricKind.UpDownCounter, Metric.Bytes, "The bytes that wait for peers to read", it => it.UnsentBytes),
        Servers<DatagramServer>(
            "receive_queue.length", MetricKind.UpDownCounter, "{message}", "The datagrams that have arrived and wait", it => it.WaitingDatagrams),
        Servers<Service>("handler.errors", MetricKind.Counter, "{error}", "The errors that have ended handlers", it => it.ErrorCount),
        ReactorBusyTime,
    ];

    /// <summary>All of them.</summary>
    public static IEnumerable<Metric> All => [.. Observed, HandlerDuration];

    /// <summary>The times of the handlers of all servers, so far, with their attributes.</summary>
    public static IEnumerable<(KeyValuePair<string, object?>[] Attributes, TimeDistribution Times)> HandlerTimes =>
        MeteredReactors.Servers.SelectMany(server => server.Times.All.Select(handler => (Of(server, (Handler, handler.Key)), handler.Value)));

    private static ObservedMetric Servers<T>(string name, MetricKind kind, string unit, string description, Func<T, long> read)
        where T : Service => new(
            $"twistedps.{name}",
            kind,
            unit,
            description,
            () => MeteredReactors.Servers.OfType<T>().Select(server => new Sample(Of(server), read(server))));

    private static ObservedMetric BothWays(string name, string unit, string description, Func<ServiceCounts, (long?, long?)> read) => new(
        $"twistedps.{name}",
        MetricKind.Counter,
        unit,
        $"{description} received and sent",
        () => MeteredReactors.Servers.SelectMany(server => BothWays(server, read(ServiceCounts.Of(server)))));

    private static IEnumerable<Sample> BothWays(Service server, (long? In, long? Out) counts)
    {
        if (counts.In is { } received)
            yield return new Sample(Of(server, (Direction, "receive")), received);
        if (counts.Out is { } sent)
            yield return new Sample(Of(server, (Direction, "transmit")), sent);
    }

    private static Sample BusyTime(MeteredReactor metered)
    {
        metered.Check();
        return new Sample(Of((MetricAttributes.Reactor, metered.Reactor.Id)), metered.BusyTime.TotalSeconds);
    }
}
