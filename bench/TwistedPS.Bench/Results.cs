namespace TwistedPS.Bench;

/// <summary>The figures of every run of every load with every peer.</summary>
internal sealed class Results
{
    private readonly Dictionary<(string Load, string Peer), List<Figures>> _runs = [];
    private readonly Dictionary<(string Load, string Peer), string> _remarks = [];

    public void Add(Load load, Peer peer, Figures figures)
    {
        if (!_runs.TryGetValue((load.Name, peer.Name), out List<Figures>? runs))
            _runs[(load.Name, peer.Name)] = runs = [];
        runs.Add(figures);
    }

    /// <summary>Records the reason why a peer has no figures for a load, or too few.</summary>
    public void Remark(Load load, Peer peer, string text) => _remarks[(load.Name, peer.Name)] = text;

    public string? RemarkOn(Load load, Peer peer) => _remarks.GetValueOrDefault((load.Name, peer.Name));

    /// <summary>Returns the medians; null if no run has succeeded.</summary>
    public Figures? Medians(Load load, string peer) =>
        _runs.TryGetValue((load.Name, peer), out List<Figures>? runs) ? Figures.MedianOf(runs) : null;
}
