using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Collected = OpenTelemetry.Metrics.Metric;

namespace TwistedPS.Tests;

// There is one meter in a process.
[Collection(RunsAlone.Name)]
public sealed class OpenTelemetryTests : IDisposable
{
    private const string Echo = "twistedps.server.kind=LineServer twistedps.server.name=Echo";

    private readonly List<Collected> _collected = [];
    private MeterProvider? _provider;

    public void Dispose() => _provider?.Dispose();

    [Fact]
    public void Its_SDK_collects_what_a_server_counts_with_the_units_of_its_conventions()
    {
        MemoryRig rig = null!;
        var handler = new RecordingHandler
        {
            OnLine = (connection, line) =>
            {
                rig.Time.Advance(TimeSpan.FromSeconds(0.25));
                connection.Send(line);
            },
        };
        using (rig = new MemoryRig(handler, new ServerOptions { Name = "Echo" }))
        {
            MeteredReactors.Add(rig.Reactor);
            Collect();
            rig.Advance(0.5);
            rig.Connect().Send("a\nbc\n");
            Assert.Equal(
                [
                    $"twistedps.accepted_connections LongSum {{connection}} 1: {Echo}",
                    $"twistedps.active_connections LongSumNonMonotonic {{connection}} 1: {Echo}",
                    $"twistedps.handler.duration ExponentialHistogram s 1 in 0: twistedps.handler.name=OnConnect {Echo}",
                    $"twistedps.handler.duration ExponentialHistogram s 2 in 0.5: twistedps.handler.name=OnLine {Echo}",
                    $"twistedps.handler.errors LongSum {{error}} 0: {Echo}",
                    $"twistedps.messages LongSum {{message}} 2: network.io.direction=receive {Echo}",
                    $"twistedps.messages LongSum {{message}} 2: network.io.direction=transmit {Echo}",
                    $"twistedps.network.io LongSum By 5: network.io.direction=receive {Echo}",
                    $"twistedps.network.io LongSum By 7: network.io.direction=transmit {Echo}",
                    $"twistedps.reactor.busy.time DoubleSum s 0.5: twistedps.reactor.id={rig.Reactor.Id}",
                    $"twistedps.send_queue.size LongSumNonMonotonic By 0: {Echo}",
                ],
                Read());
        }
    }

    [Fact]
    public void Its_SDK_refuses_no_instrument()
    {
        using var rig = new SocketRig(PollerKind.Auto);
        var web = new HttpServer(rig.Reactor, new HttpServerOptions(), HttpTestHandler.Counter());
        var datagrams = new DatagramServer(rig.Reactor, new DatagramOptions { LocalAddress = DatagramRig.Loopback() }, new RecordingDatagramHandler());
        MeteredReactors.Add(rig.Reactor);
        Collect();
        rig.Do(web.Start);
        rig.Do(datagrams.Start);
        rig.Reactor.Watch.TimesListener!.Check();
        rig.Do(() => rig.Server.Call(new HandlerCall(rig.Server, "OnTest"), null, 0, _ => { }));
        Read();
        Assert.Equal(MetricTable.All.Select(metric => metric.Name).Order(StringComparer.Ordinal), _collected.Select(metric => metric.Name).Order(StringComparer.Ordinal));
    }

    private void Collect() => _provider = Sdk.CreateMeterProviderBuilder()
        .AddMeter(ProcessMeter.Name)
        .AddView(MetricTable.HandlerDuration.Name, new Base2ExponentialBucketHistogramConfiguration())
        .AddInMemoryExporter(_collected)
        .Build();

    private string[] Read()
    {
        Assert.True(_provider!.ForceFlush());
        return [.. _collected.SelectMany(Points).Order(StringComparer.Ordinal)];
    }

    private static List<string> Points(Collected metric)
    {
        List<string> points = [];
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
        {
            List<string> attributes = [];
            foreach (KeyValuePair<string, object?> tag in point.Tags)
                attributes.Add($"{tag.Key}={tag.Value}");
            points.Add($"{metric.Name} {metric.MetricType} {metric.Unit} {ValueOf(metric, point)}: {string.Join(' ', attributes.Order(StringComparer.Ordinal))}");
        }

        return points;
    }

    private static string ValueOf(Collected metric, in MetricPoint point) => metric.MetricType switch
    {
        MetricType.ExponentialHistogram => string.Create(CultureInfo.InvariantCulture, $"{point.GetHistogramCount()} in {point.GetHistogramSum()}"),
        MetricType.DoubleSum => point.GetSumDouble().ToString(CultureInfo.InvariantCulture),
        _ => $"{point.GetSumLong()}",
    };
}
