using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.ExceptionServices;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Scripting;

/// <summary>A reactor that runs while a cmdlet waits, on the caller's thread and with the caller's own scriptblocks.</summary>
internal sealed class ForegroundReactor : ReactorHost
{
    // PowerShell lets nothing but a finally block run scripts once Ctrl+C was pressed, and OnDisconnect and OnStop are scripts.
    // Within a try with a catch, an error that ends a statement of a handler ends the handler as well.
    private const string LoopScript = """
        param($loop)
        try { . { $loop.Run() } *>&1 | ForEach-Object { $loop.Write($_) } }
        catch { throw }
        finally { . { $loop.Finish() } *>&1 | ForEach-Object { $loop.Write($_) } }
        """;

    private static readonly TimeSpan s_finishLimit = TimeSpan.FromSeconds(5);

    private readonly Queue<ErrorRecord> _errors = new();
    private readonly Runspace _runspace = Runspace.DefaultRunspace;
    private readonly HandlerStreams _streams;

    public ForegroundReactor(Session session, PollerKind poller = PollerKind.Auto, TimeProvider? time = null)
        : base(session, new Reactor(poller, time)) => _streams = new HandlerStreams(Reactor);

    public override bool IsForeground => true;

    /// <summary>Whether a cmdlet that waits has to run it: nobody does, and the cmdlet is not that of a conversation or of other work beside it.</summary>
    public bool IsForCaller => !Reactor.IsRunning && Runspace.DefaultRunspace == _runspace;

    /// <summary>Whether what handlers do wrong, and what they write besides their output, is recorded and not shown.</summary>
    public bool IsSilent { get; init; }

    public override HandlerScope CreateScope(SessionState session) => new ForegroundScope(session);

    public override void Interrupt()
    {
    }

    /// <summary>Keeps an error for the waiting cmdlet, to be written after the handler.</summary>
    public override void Report(ErrorRecord error, string? warning)
    {
        if (!IsSilent)
            _errors.Enqueue(error);
    }

    public override void Shutdown()
    {
        if (Reactor.IsStopped)
            return;
        Task stopped = EndServicesAsync();
        if (Reactor.IsRunning)
        {
            stopped.ContinueWith(_ => Reactor.Stop(), TaskScheduler.Default);
            return;
        }

        Reactor.Loop.RunUntil(stopped, Session.DrainTime + s_finishLimit);
        Reactor.Stop();
        Release();
    }

    /// <summary>Runs the loop until a condition holds; on Ctrl+C, stops everything on the reactor gracefully.</summary>
    /// <returns>False on a time-out.</returns>
    /// <exception cref="PipelineStoppedException">Ctrl+C stopped a handler.</exception>
    public bool Run(PSCmdlet cmdlet, Func<bool> until, TimeSpan? timeout, CancellationToken cancel) =>
        Run(cmdlet, () => Reactor.Run(() => ShowErrors(cmdlet) || until(), timeout, cancel), cancel);

    /// <summary>Runs the loop until a task has ended.</summary>
    /// <returns>False on a time-out.</returns>
    public bool RunUntil(PSCmdlet cmdlet, Task task, TimeSpan? timeout, CancellationToken cancel) =>
        Run(cmdlet, () => Reactor.Loop.RunUntil(task, timeout, () => ShowErrors(cmdlet), cancel), cancel);

    /// <summary>Turns the loop as long as there is something to do at once.</summary>
    public void RunUntilIdle(PSCmdlet cmdlet, CancellationToken cancel) =>
        Do(cmdlet, () => Reactor.Loop.RunUntilIdle(() => ShowErrors(cmdlet), cancel), cancel);

    /// <summary>Advances the clock of the reactor, and makes every call due on the way at its time.</summary>
    public void Advance(PSCmdlet cmdlet, ManualClock clock, TimeSpan by, CancellationToken cancel) =>
        Do(cmdlet, () => Reactor.Loop.Advance(clock, by, () => ShowErrors(cmdlet), cancel), cancel);

    /// <summary>Does what turns the loop some times, where handlers are called as in <see cref="Run(PSCmdlet, Func{bool}, TimeSpan?, CancellationToken)"/>.</summary>
    public void Do(PSCmdlet cmdlet, Action steps, CancellationToken cancel)
    {
        bool All()
        {
            steps();
            return true;
        }

        Run(cmdlet, All, cancel);
    }

    private bool Run(PSCmdlet cmdlet, Func<bool> run, CancellationToken cancel)
    {
        var loop = new Loop(this, cmdlet, run, cancel);
        try
        {
            cmdlet.SessionState.InvokeCommand.InvokeScript(
                useLocalScope: true, ScriptBlock.Create(LoopScript), null, loop);
            ShowErrors(cmdlet);
            return loop.Result;
        }
        catch (MethodInvocationException e) when (e.InnerException is not null)
        {
            ExceptionDispatchInfo.Capture(e.InnerException).Throw();
            throw;
        }
        finally
        {
            if (Reactor.IsStopped)
                Release();
        }
    }

    /// <returns>Always false, for use in a condition.</returns>
    private bool ShowErrors(PSCmdlet cmdlet)
    {
        Session.ShowWarnings(cmdlet);
        var report = new HandlerReport(cmdlet);
        while (_errors.TryDequeue(out ErrorRecord? error))
            report.Error(error);
        return false;
    }

    private void Release()
    {
        Scripting.Session.Remove(this);
        Reactor.Dispose();
    }

    /// <summary>The object that the loop's script calls.</summary>
    internal sealed class Loop(ForegroundReactor host, PSCmdlet cmdlet, Func<bool> run, CancellationToken cancel)
    {
        private readonly HandlerReport _report = new(cmdlet);

        public bool Result { get; private set; }

        public void Run() => Result = ReactorLoopCommand.Guard(run);

        public void Finish()
        {
            if (cancel.IsCancellationRequested)
                host.Shutdown();
        }

        /// <summary>Passes on what handlers write to streams other than their output.</summary>
        public void Write(object record)
        {
            object stream = record is PSObject wrapped ? wrapped.BaseObject : record;
            host._streams.Log(stream);
            if (host.IsSilent)
                return;
            switch (stream)
            {
                case ErrorRecord error:
                    _report.Error(error);
                    break;
                case WarningRecord warning:
                    _report.Warning(warning.Message);
                    break;
                case InformationRecord information:
                    _report.Information(information);
                    break;
                case DebugRecord debug:
                    cmdlet.Host.UI.WriteDebugLine(debug.Message);
                    break;
                case VerboseRecord verbose:
                    cmdlet.Host.UI.WriteVerboseLine(verbose.Message);
                    break;
            }
        }
    }
}
