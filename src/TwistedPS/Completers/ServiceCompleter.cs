using TwistedPS.Scripting;

namespace TwistedPS.Completers;

/// <summary>Completes the names of services of a kind.</summary>
/// <typeparam name="T">The kind.</typeparam>
public sealed class ServiceCompleter<T> : AliveCompleter
    where T : Service
{
    internal override IEnumerable<(string Text, string Description)> Candidates(Session session) =>
        session.Alive<T>().Select(service => (service.Name, service.Description));
}
