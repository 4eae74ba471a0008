using TwistedPS.Engine.Deferreds;

namespace TwistedPS.Scripting;

/// <summary>Work in the pool.</summary>
/// <param name="Work">The work.</param>
/// <param name="Complete">Called with its result or error, on the worker's thread.</param>
/// <param name="Abandon">Cancels it, as the one who asked for it has ended. Does not wait.</param>
/// <param name="IsDetached">Whether it goes on without the one who asked for it.</param>
internal sealed record WorkItem(BlockingWork Work, Action<Outcome> Complete, Action Abandon, bool IsDetached);
