namespace TwistedPS.Bench;

/// <summary>A load as a row of the table.</summary>
/// <param name="Name">The name for --loads.</param>
/// <param name="Title">The name in the table.</param>
/// <param name="Explanation">A sentence for the page.</param>
/// <param name="Metrics">The metrics to show; the first one decides.</param>
/// <param name="Work">The work of the load.</param>
internal sealed record Load(string Name, string Title, string Explanation, IReadOnlyList<Metric> Metrics, ILoad Work)
{
    public Metric Headline => Metrics[0];

    /// <summary>The names of the only peers that it is for; null for all.</summary>
    public IReadOnlyList<string>? Peers { get; init; }

    /// <summary>The curve of which it is a point.</summary>
    public Curve Curve { get; init; }

    public bool Includes(Peer peer) => Peers?.Contains(peer.Name) ?? !peer.IsSpecial;
}
