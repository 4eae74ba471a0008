namespace TwistedPS.Bench;

/// <summary>A load as the table has it.</summary>
/// <param name="Name">What --loads calls it.</param>
/// <param name="Title">What the table calls it.</param>
/// <param name="Explanation">A sentence for the page.</param>
/// <param name="Metrics">What is shown; the first one decides.</param>
/// <param name="Work">What is done.</param>
internal sealed record Load(string Name, string Title, string Explanation, IReadOnlyList<Metric> Metrics, ILoad Work)
{
    public Metric Headline => Metrics[0];

    /// <summary>The only peers it is for, by name; null stands for all.</summary>
    public IReadOnlyList<string>? Peers { get; init; }

    /// <summary>The curve that it is a point of.</summary>
    public Curve Curve { get; init; }

    public bool Includes(Peer peer) => Peers?.Contains(peer.Name) != false;
}
