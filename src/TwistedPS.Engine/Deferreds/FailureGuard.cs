using System.Runtime.ExceptionServices;

namespace TwistedPS.Engine.Deferreds;

/// <summary>
/// Held by a deferred alone, for as long as its result is an error that nobody has handled. When it is finalized, nobody
/// can any more (Twisted's <c>DebugInfo</c>). Members may be called from any thread.
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
            // Thrown here it would end the process, so it is thrown to whoever runs the reactor.
            _reactor.Post(() => ExceptionDispatchInfo.Throw(e));
        }
    }

    public UnhandledFailure Failure { get; }

    /// <summary>The one reference by which the reactor knows it.</summary>
    public WeakReference<FailureGuard> Reference { get; }

    /// <summary>The error is handled.</summary>
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
