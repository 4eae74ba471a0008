using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS.Parameters;

/// <summary>Takes line clients, or finds them by id or name.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LineClientTransformationAttribute : EndpointTransformationAttribute<LineClient>
{
    internal override string Kind => nameof(LineClient);

    internal override IEnumerable<LineClient> Alive(Session session) => session.Alive<LineClient>();

    internal override bool Matches(LineClient candidate, int? id, WildcardPattern name) =>
        candidate.Id == id || name.IsMatch(candidate.Name);
}
