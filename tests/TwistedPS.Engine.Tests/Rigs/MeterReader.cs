using System.Diagnostics.Metrics;
using System.Globalization;

namespace TwistedPS.Tests;

/// <summary>A listener to the meter, as people write it, and what it has heard.</summary>
internal sealed class MeterReader : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<string> _heard = [];

    /// <param name="names">The names of the instruments to listen to, without their beginning; all if there are none.</param>
    public MeterReader(params string[] names)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name != "TwistedPS")
                return;
            Published.Add(instrument);
            if (names.Length == 0 || names.Contains(ShortNameOf(instrument)))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, attributes, _) => Hear(instrument, value, attributes));
        _listener.SetMeasurementEventCallback<double>((instrument, value, attributes, _) => Hear(instrument, value, attributes));
        _listener.Start();
    }

    public List<Instrument> Published { get; } = [];

    /// <summary>Called for each value.</summary>
    public Action? OnHeard { get; init; }

    /// <summary>Returns the values that were heard since the last time, and then the present ones.</summary>
    public string[] Read()
    {
        _listener.RecordObservableInstruments();
        string[] heard = [.. _heard];
        _heard.Clear();
        return heard;
    }

    public void Dispose() => _listener.Dispose();

    private static string ShortNameOf(Instrument instrument) => instrument.Name["twistedps.".Length..];

    private void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> attributes)
    {
        string of = string.Join(' ', attributes.ToArray().Select(attribute => $"{attribute.Key}={attribute.Value}"));
        _heard.Add(string.Create(CultureInfo.InvariantCulture, $"{ShortNameOf(instrument)} {value}: {of}"));
        OnHeard?.Invoke();
    }
}
