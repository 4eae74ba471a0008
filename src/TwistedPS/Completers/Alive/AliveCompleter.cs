using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Completers;

/// <summary>A completer of live objects of the session.</summary>
/// <typeparam name="T">The type of the objects.</typeparam>
public abstract class AliveCompleter<T> : CandidateCompleter
{
    private readonly LiveKind<T> _kind;

    private protected AliveCompleter(LiveKind<T> kind) => _kind = kind;

    internal override bool HasWildcards => true;

    internal override IEnumerable<(string Text, string Description)> Candidates =>
        _kind.Alive(Session.Current).Select(candidate => (_kind.NameOf(candidate), _kind.Describe(candidate)));
}
