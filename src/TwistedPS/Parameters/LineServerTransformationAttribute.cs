using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS.Parameters;

/// <summary>Takes line servers, or finds them by id or name.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LineServerTransformationAttribute : EndpointTransformationAttribute<LineServer>
{
    internal override string Kind => nameof(LineServer);

    internal override IEnumerable<LineServer> Alive(Session session) => session.Alive<LineServer>();

    internal override bool Matches(LineServer candidate, int? id, WildcardPattern name) =>
        candidate.Id == id || name.IsMatch(candidate.Name);
}
