namespace TwistedPS.Scripting;

/// <summary>Work in the pool.</summary>
/// <param name="Work">The work.</param>
/// <param name="Deferred">The deferred that its output fires.</param>
/// <param name="IsDetached">Whether it goes on without the one who asked for it.</param>
internal sealed record WorkItem(BlockingWork Work, Deferred Deferred, bool IsDetached)
{
    /// <summary>Cancels the deferred, in a turn of its own, since callbacks may be interrupted, and with it the work.</summary>
    public void Abandon() => Deferred.Reactor.Post(Deferred.Cancel);
}
