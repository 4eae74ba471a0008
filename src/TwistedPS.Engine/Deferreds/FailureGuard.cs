using System.Runtime.ExceptionServices;

namespace TwistedPS.Engine.Deferreds;

/// <summary>
/// The guard of an unhandled error (Twisted's <c>DebugInfo</c>), held by its deferred alone until the error is handled. Once
/// it is finalized, nobody can handle the error any more. Members may be called from any thread.
/// </summary>
internal sealed class FailureGuard : IDisposable
{
    private readonly Reactor _reactor;

    public FailureGuard(Reactor reactor, UnhandledFailure failure)
    {
        _reactor = reactor;
        Failure = failure;
        Reference = new WeakReference<FailureGuard>(this);
    }

    ~FailureGuard()
    {
        try
        {
            Report();
        }
        catch (Exception e)
        {
            // Thrown here it would end the process, so it is thrown to the code that runs the reactor.
            _reactor.Post(() => ExceptionDispatchInfo.Throw(e));
        }
    }

    public UnhandledFailure Failure { get; }

    /// <summary>The reactor's only reference to it.</summary>
    public WeakReference<FailureGuard> Reference { get; }

    /// <summary>Marks the error as handled.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _reactor.Deferreds.Remove(this);
    }

    /// <summary>Reports the error, once, unless it was handled.</summary>
    public void Report()
    {
        if (_reactor.Deferreds.Remove(this))
            _reactor.Deferreds.Report(Failure);
    }
}
