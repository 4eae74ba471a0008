using System.Globalization;
using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS.Parameters;

/// <summary>Takes reactors, or finds them by id.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ReactorTransformationAttribute : AliveTransformationAttribute<Reactor>
{
    internal override string Kind => nameof(Reactor);

    internal override IEnumerable<Reactor> Alive(Session session) => session.Hosts.Select(host => host.Reactor);

    internal override bool Matches(Reactor candidate, int? id, WildcardPattern name) =>
        candidate.Id == id || name.IsMatch(candidate.Id.ToString(CultureInfo.InvariantCulture));
}
