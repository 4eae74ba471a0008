namespace TwistedPS.Bench;

/// <summary>A load as the table has it.</summary>
/// <param name="Name">What --loads calls it.</param>
/// <param name="Title">What the table calls it.</param>
/// <param name="Explanation">A sentence for the page.</param>
/// <param name="Headline">The metric that decides; the others are shown beside it.</param>
/// <param name="Work">What is done.</param>
internal sealed record Load(string Name, string Title, string Explanation, Metric Headline, ILoad Work)
{
    /// <summary>The only peers it is for, by name; null stands for all.</summary>
    public IReadOnlyList<string>? Peers { get; init; }

    /// <summary>The curve that it is a point of.</summary>
    public Curve Curve { get; init; }

    public bool Includes(Peer peer) => Peers?.Contains(peer.Name) != false;
}
