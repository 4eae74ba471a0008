using TwistedPS.Scripting;

namespace TwistedPS.Completers;

/// <summary>Completes the names of line servers.</summary>
public sealed class LineServerCompleter : AliveCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates(Session session) =>
        session.Alive<LineServer>().Select(server => (server.Name, server.Description));
}
