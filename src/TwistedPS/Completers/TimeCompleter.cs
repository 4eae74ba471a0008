using System.Globalization;

namespace TwistedPS.Completers;

/// <summary>A completer of usual times, and of the units of a number that is typed.</summary>
public sealed class TimeCompleter : CandidateCompleter
{
    private static readonly (string Unit, string Name)[] s_units =
        [("ms", "milliseconds"), ("s", "seconds"), ("m", "minutes"), ("h", "hours")];

    internal override IEnumerable<(string Text, string Description)> Candidates =>
        [
            ("500ms", "Half a second"),
            ("1s", "A second"),
            ("5s", "5 seconds"),
            ("30s", "30 seconds"),
            ("1m", "A minute"),
            ("5m", "5 minutes"),
            ("1h", "An hour"),
        ];

    internal override IEnumerable<(string Text, string Description)> CandidatesFor(string word)
    {
        string number = word.TrimEnd('m', 's', 'h', 'M', 'S', 'H');
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)
            ? s_units.Select(it => ($"{number}{it.Unit}", $"{number} {it.Name}"))
            : Candidates;
    }
}
