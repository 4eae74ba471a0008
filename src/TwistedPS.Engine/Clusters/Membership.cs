using TwistedPS.Engine.Groups;

namespace TwistedPS.Engine.Clusters;

/// <summary>
/// The cluster that a node is in, and its way there. A subject has the name of the cluster before it at the backplane, so that
/// several clusters can share a broker; those of the engine's own messages, whose first word is <see cref="Own"/>, are apart.
/// </summary>
/// <param name="Name">The name of the cluster.</param>
/// <param name="Backplane">What carries its messages.</param>
internal sealed record Membership(string Name, IBackplane Backplane)
{
    /// <summary>The values that its nodes share.</summary>
    public IStateStore Store { get; } = Backplane.OpenStore(Name);

    /// <summary>The first word of the subjects of the engine's own messages.</summary>
    public const string Own = "_";

    /// <summary>Returns a subject as the backplane knows it.</summary>
    public string Outer(string subject) =>
        subject.StartsWith($"{Own}.", StringComparison.Ordinal) ? $"{Own}{Name}{subject[1..]}" : $"{Name}.{subject}";

    /// <summary>Undoes <see cref="Outer"/>.</summary>
    public string Inner(string subject) =>
        subject.StartsWith(Name, StringComparison.Ordinal) ? subject[(Name.Length + 1)..] : Own + subject[(Name.Length + 1)..];
}
