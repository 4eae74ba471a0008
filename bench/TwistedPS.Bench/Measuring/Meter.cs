using System.Diagnostics;

namespace TwistedPS.Bench;

/// <summary>A meter of the events in the measured time, after the warm-up, and of their cost to the server.</summary>
internal sealed class Meter
{
    private readonly ServerProcess _server;
    private readonly LatencyHistogram _latencies = new();
    private readonly long _end;
    private long _begin;
    private bool _measuring;
    private TimeSpan _cpuAtBegin;
    private long _lines;
    private long _bytes;
    private long _connections;

    public Meter(ServerProcess server, Timing timing)
    {
        _server = server;
        _begin = Stopwatch.GetTimestamp() + Ticks(timing.WarmUp);
        _end = _begin + Ticks(timing.Measured);
    }

    public long Lines => _lines;

    /// <summary>Returns whether to go on; to be called often, since it also notices the end of the warm-up.</summary>
    public bool IsRunning(long now)
    {
        if (!_measuring && now >= _begin)
        {
            _measuring = true;
            _cpuAtBegin = _server.CpuTime;
            _begin = Stopwatch.GetTimestamp();
        }

        return now < _end;
    }

    public void CountLine(long sent, long now)
    {
        if (!_measuring)
            return;
        _lines++;
        _latencies.Record((long)((now - sent) * (1e9 / Stopwatch.Frequency)));
    }

    public void CountBytes(int count) => _bytes += _measuring ? count : 0;

    public void CountConnection() => _connections += _measuring ? 1 : 0;

    /// <summary>Returns the figures so far. Later lines no longer count.</summary>
    public Figures Finish()
    {
        double seconds = Stopwatch.GetElapsedTime(_begin).TotalSeconds;
        double cpu = (_server.CpuTime - _cpuAtBegin).TotalSeconds;
        _measuring = false;
        if (_lines == 0)
            throw new IOException("Not one line came in the time measured.");
        var figures = new Figures
        {
            [Metric.LinesPerSecond] = _lines / seconds,
            [Metric.MegabytesPerSecond] = _bytes / seconds / 1e6,
            [Metric.P50] = _latencies.Percentile(0.50) / 1000,
            [Metric.P90] = _latencies.Percentile(0.90) / 1000,
            [Metric.P99] = _latencies.Percentile(0.99) / 1000,
            [Metric.Cores] = cpu / seconds,
            [Metric.CpuPerLine] = cpu * 1e6 / _lines,
            [Metric.Memory] = _server.Memory / 1e6,
        };
        if (_connections > 0)
            figures[Metric.ConnectionsPerSecond] = _connections / seconds;
        return figures;
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
