using TwistedPS.Scripting;

namespace TwistedPS.Completers;

/// <summary>A completer of the addresses of the peers that are connected to servers of this session.</summary>
public sealed class PeerCompleter : CandidateCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates => Session.Current.Alive<Server>()
        .SelectMany(server => server.Connections)
        .Where(connection => connection.Address is not null)
        .Select(connection => (connection.Address!, $"{connection}"))
        .DistinctBy(((string Text, string Description) candidate) => candidate.Text);
}
