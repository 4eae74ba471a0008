using System.Globalization;
using System.Management.Automation;

namespace TwistedPS.Parameters;

/// <summary>
/// Accepts a TimeSpan, a number of seconds, or text such as <c>500ms</c>, <c>2s</c>, <c>5m</c>, <c>1h</c>, <c>30d</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimeoutTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly (string Unit, double Seconds)[] s_units =
        [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)];

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        TimeSpan time = input switch
        {
            null => throw Unusable(input),
            TimeSpan span => span,
            string text => Parse(text),

            // What is written as 30d without quotes is a decimal for PowerShell, which keeps the text.
            decimal when inputData is PSObject && $"{inputData}" is var text && text.EndsWith("d", StringComparison.OrdinalIgnoreCase) => Parse(text),
            _ when LanguagePrimitives.TryConvertTo(input, CultureInfo.InvariantCulture, out double seconds) => FromSeconds(seconds, input),
            _ => throw Unusable(input),
        };
        return time >= TimeSpan.Zero ? time : throw Unusable(input);
    }

    private static TimeSpan Parse(string text)
    {
        string trimmed = text.Trim();
        if (TryParseNumber(trimmed, out double seconds))
            return FromSeconds(seconds, text);
        foreach ((string unit, double factor) in s_units)
        {
            if (trimmed.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && TryParseNumber(trimmed[..^unit.Length], out double number))
            {
                return FromSeconds(number * factor, text);
            }
        }

        return TimeSpan.TryParse(trimmed, CultureInfo.InvariantCulture, out TimeSpan time) ? time : throw Unusable(text);
    }

    private static bool TryParseNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    private static TimeSpan FromSeconds(double seconds, object input) =>
        seconds >= 0 && seconds <= TimeSpan.FromDays(10_000).TotalSeconds ? TimeSpan.FromSeconds(seconds) : throw Unusable(input);

    private static ArgumentTransformationMetadataException Unusable(object? input) => new(
        $"'{input}' is not a time. Give a TimeSpan, a number of seconds, or text such as '500ms', '2s' or '5m'; not negative.");
}
