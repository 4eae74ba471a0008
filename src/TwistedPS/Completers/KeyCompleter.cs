using TwistedPS.Scripting;

namespace TwistedPS.Completers;

/// <summary>A completer of the keys of shared values: those that this session has found or set, the last one first.</summary>
/// <remarks>It does not ask the broker, which might take its time, and may have more keys than anybody wants to see.</remarks>
public sealed class KeyCompleter : CandidateCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates =>
        Session.Current.KnownKeys.LastFirst.Select(key => (key, "A shared value used before"));
}
