using TwistedPS.Engine.Services;

namespace TwistedPS.Scripting;

/// <summary>The state that the scripts keep for a call of a handler. On the reactor's thread only.</summary>
/// <param name="recipient">The recipient of its output; null for none.</param>
internal sealed class HandlerRun(Recipient? recipient) : ICallState
{
    private static readonly IReadOnlyCollection<Deferred> s_none = [];

    private HashSet<Deferred>? _deferreds;

    public Recipient? Recipient => recipient;

    /// <summary>Its output so far that is to be sent; null where output is a result.</summary>
    public IPendingOutput? Output { get; set; }

    /// <summary>The deferreds to which it has added callbacks; their results are for the recipient.</summary>
    public IReadOnlyCollection<Deferred> Deferreds => _deferreds ?? s_none;

    public void Add(Deferred deferred) => (_deferreds ??= []).Add(deferred);

    /// <summary>Notes that the result of a deferred goes elsewhere.</summary>
    public void Remove(Deferred deferred) => _deferreds?.Remove(deferred);

    public void SendOutput(object destination)
    {
        if (recipient?.Destination == destination)
            Output?.Send();
    }
}
