namespace TwistedPS.Scripting;

/// <summary>What the side of the scripts knows of a call of a handler. On the reactor's thread only.</summary>
/// <param name="recipient">Whom it runs for; null if for nobody.</param>
internal sealed class HandlerRun(Recipient? recipient)
{
    private static readonly IReadOnlyCollection<Deferred> s_none = [];

    private HashSet<Deferred>? _deferreds;

    public Recipient? Recipient => recipient;

    /// <summary>The deferreds that it has given callbacks: what they come to is for the recipient.</summary>
    public IReadOnlyCollection<Deferred> Deferreds => _deferreds ?? s_none;

    public void Add(Deferred deferred) => (_deferreds ??= []).Add(deferred);

    /// <summary>Notes that what a deferred comes to goes somewhere else.</summary>
    public void Remove(Deferred deferred) => _deferreds?.Remove(deferred);
}
