using TwistedPS.Scripting;

namespace TwistedPS.Completers;

/// <summary>Completes the numbers of connections.</summary>
public sealed class ConnectionCompleter : AliveCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates(Session session) =>
        session.Alive<Server>()
            .SelectMany(server => server.Connections)
            .Select(connection => ($"{connection.Id}", connection.ToString()));
}
