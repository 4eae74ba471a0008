using System.Runtime.CompilerServices;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Metrics;

/// <summary>A reactor whose servers have metrics. It is measured only while somebody wants times.</summary>
/// <param name="reactor">The reactor.</param>
internal sealed class MeteredReactor(Reactor reactor) : IHandlerListener
{
    private static readonly KeyValuePair<string, object?>[] s_none = [];

    private readonly ConditionalWeakTable<HandlerCall, KeyValuePair<string, object?>[]> _attributes = [];
    private readonly object _lock = new();
    private IDisposable? _measurement;
    private bool _hasFailed;

    public Reactor Reactor => reactor;

    /// <summary>The time that its thread has worked while it was measured.</summary>
    public TimeSpan BusyTime => reactor.Loop.Work.Worked;

    /// <summary>Begins to measure it, or ends that, as somebody wants times or nobody does. From any thread.</summary>
    public void Check()
    {
        lock (_lock)
        {
            if (MeteredReactors.AreWatched)
            {
                _measurement ??= reactor.Measure();
                return;
            }

            _measurement?.Dispose();
            _measurement = null;
        }
    }

    /// <summary>Gives the time of a call to the listeners of the meter. What they throw affects no handler.</summary>
    public void Called(HandlerCall handler, TimeSpan time)
    {
        if (!ProcessMeter.WantsCalls || _attributes.GetValue(handler, AttributesOf) is not { Length: > 0 } attributes)
            return;
        try
        {
            ProcessMeter.Called(time, attributes);
        }
        catch (Exception e) when (e is not ReactorInterruptedException)
        {
            NoteFailure(e);
        }
    }

    private static KeyValuePair<string, object?>[] AttributesOf(HandlerCall handler) =>
        handler.Owner is { } owner && MetricAttributes.IsServer(owner)
            ? MetricAttributes.Of(owner, (MetricAttributes.Handler, handler.Name))
            : s_none;

    private void NoteFailure(Exception error)
    {
        if (_hasFailed)
            return;
        _hasFailed = true;
        reactor.ReactorLog.Add(LogLevel.Warning, $"A listener to the metrics has failed; further failures are not noted: {error.Message}");
    }
}
