using TwistedPS.Scripting;

namespace TwistedPS.Completers;

/// <summary>Completes the numbers of reactors.</summary>
public sealed class ReactorCompleter : AliveCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates(Session session) =>
        session.Hosts.Select(host => ($"{host.Reactor.Id}", $"{(host.IsForeground ? "foreground" : "background")} reactor {host.Reactor.Id}"));
}
