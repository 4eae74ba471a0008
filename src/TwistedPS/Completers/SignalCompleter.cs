using TwistedPS.Engine.Processes;

namespace TwistedPS.Completers;

/// <summary>A completer of the names of signals, with SIG for those who begin with it.</summary>
public sealed class SignalCompleter : CandidateCompleter
{
    private const string Prefix = "SIG";

    internal override IEnumerable<(string Text, string Description)> Candidates =>
        SignalNames.All.Select(name => (name, $"{Prefix}{name}, {SignalNames.NumberOf(name)}"));

    internal override IEnumerable<(string Text, string Description)> CandidatesFor(string word) =>
        word.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? Candidates.Select(it => (Prefix + it.Text, it.Description))
            : Candidates;
}
