using System.Management.Automation;
using System.Runtime.ExceptionServices;

namespace TwistedPS.Scripting;

/// <summary>A reactor that runs while a cmdlet waits, on the caller's thread and with the caller's own scriptblocks.</summary>
internal sealed class ForegroundReactor(Session session, PollerKind poller = PollerKind.Auto)
    : ReactorHost(session, new Reactor(poller))
{
    // PowerShell lets nothing but a finally block run scripts once Ctrl+C was pressed, and OnDisconnect and OnStop are scripts.
    // Within a try with a catch, an error that ends a statement of a handler ends the handler as well.
    private const string LoopScript = "param($loop) try { $loop.Run() } catch { throw } finally { $loop.Finish() }";

    private static readonly TimeSpan s_finishLimit = TimeSpan.FromSeconds(5);

    private Cmdlet? _cmdlet;

    public override bool IsForeground => true;

    public override HandlerScope CreateScope(SessionState session) => new ForegroundScope(session);

    public override void Interrupt()
    {
    }

    public override void Report(ErrorRecord error) => _cmdlet?.WriteError(error);

    public override void Shutdown()
    {
        if (Reactor.IsStopped)
            return;
        Task stopped = StopEndpointsAsync(TimeSpan.Zero);
        if (Reactor.IsRunning)
        {
            stopped.ContinueWith(_ => Reactor.Stop(), TaskScheduler.Default);
            return;
        }

        Reactor.Run(() => stopped.IsCompleted, s_finishLimit);
        Reactor.Stop();
        Release();
    }

    /// <summary>Runs the loop until a condition holds; on Ctrl+C everything on the reactor is stopped in good order.</summary>
    /// <returns>False when the time was up.</returns>
    /// <exception cref="PipelineStoppedException">Ctrl+C stopped a handler.</exception>
    public bool Run(PSCmdlet cmdlet, Func<bool> until, TimeSpan? timeout, CancellationToken cancel)
    {
        bool Until()
        {
            Session.ShowWarnings(cmdlet);
            return until();
        }

        return Run(cmdlet, () => ReactorLoopCommand.Run(Reactor, Until, timeout, cancel), cancel);
    }

    /// <summary>Turns the loop for as long as there is something to do at once.</summary>
    public void RunUntilIdle(PSCmdlet cmdlet, CancellationToken cancel)
    {
        bool Turn()
        {
            while (!cancel.IsCancellationRequested && ReactorLoopCommand.Iterate(Reactor))
                Session.ShowWarnings(cmdlet);
            return true;
        }

        Run(cmdlet, Turn, cancel);
    }

    private bool Run(PSCmdlet cmdlet, Func<bool> run, CancellationToken cancel)
    {
        Cmdlet? outer = _cmdlet;
        _cmdlet = cmdlet;
        var loop = new Loop(this, run, cancel);
        try
        {
            cmdlet.SessionState.InvokeCommand.InvokeScript(
                useLocalScope: true, ScriptBlock.Create(LoopScript), null, loop);
            return loop.Result;
        }
        catch (MethodInvocationException e) when (e.InnerException is not null)
        {
            ExceptionDispatchInfo.Capture(e.InnerException).Throw();
            throw;
        }
        finally
        {
            _cmdlet = outer;
            if (Reactor.IsStopped)
                Release();
        }
    }

    private void Release()
    {
        Scripting.Session.Remove(this);
        Reactor.Dispose();
    }

    /// <summary>What the loop's script calls.</summary>
    internal sealed class Loop(ForegroundReactor host, Func<bool> run, CancellationToken cancel)
    {
        public bool Result { get; private set; }

        public void Run() => Result = run();

        public void Finish()
        {
            if (cancel.IsCancellationRequested)
                host.Shutdown();
        }
    }
}
