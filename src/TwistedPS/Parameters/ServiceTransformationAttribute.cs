using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS.Parameters;

/// <summary>Takes services of a kind, or finds them by number or name.</summary>
/// <typeparam name="T">The kind.</typeparam>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ServiceTransformationAttribute<T> : AliveTransformationAttribute<T>
    where T : Service
{
    internal override string Kind => Service.NounOf(typeof(T));

    internal override IEnumerable<T> Alive(Session session) => session.Alive<T>();

    internal override bool Matches(T candidate, int? id, WildcardPattern name) =>
        candidate.Id == id || name.IsMatch(candidate.Name);
}
