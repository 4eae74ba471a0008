using System.Globalization;
using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS.Parameters;

/// <summary>Takes connections of servers, or finds them by id.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConnectionTransformationAttribute : AliveTransformationAttribute<Connection>
{
    internal override string Kind => "ReactorConnection";

    internal override IEnumerable<Connection> Alive(Session session) =>
        session.Alive<Server>().SelectMany(server => server.Connections);

    internal override bool Matches(Connection candidate, int? id, WildcardPattern name) =>
        candidate.Id == id || name.IsMatch(candidate.Id.ToString(CultureInfo.InvariantCulture));
}
