using System.Globalization;
using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS.Parameters;

/// <summary>Takes connections of line servers, or finds them by id.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConnectionTransformationAttribute : EndpointTransformationAttribute<LineConnection>
{
    internal override string Kind => "ReactorConnection";

    internal override IEnumerable<LineConnection> Alive(Session session) =>
        session.Alive<LineServer>().SelectMany(server => server.Connections);

    internal override bool Matches(LineConnection candidate, int? id, WildcardPattern name) =>
        candidate.Id == id || name.IsMatch(candidate.Id.ToString(CultureInfo.InvariantCulture));
}
