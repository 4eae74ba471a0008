using TwistedPS.Scripting;

namespace TwistedPS.Completers;

/// <summary>Completes the names of line clients.</summary>
public sealed class LineClientCompleter : AliveCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates(Session session) =>
        session.Alive<LineClient>().Select(client => (client.Name, client.Description));
}
