using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace TwistedPS.Scripting;

/// <summary>
/// A reactor that runs beside the prompt, in a runspace of its own. When a handler has to be stopped, its pipeline is,
/// and the loop goes on in a new one.
/// </summary>
internal sealed class BackgroundReactor : ReactorHost
{
    private static readonly TimeSpan s_shutdownLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_failureInterval = TimeSpan.FromSeconds(1);

    private readonly Runspace _runspace;
    private readonly HandlerStreams _streams;
    private readonly TaskCompletionSource _ended = new();
    private volatile PowerShell? _pipeline;
    private long? _lastFailure;

    public BackgroundReactor(Session session, PSHost host, PollerKind poller = PollerKind.Auto)
        : base(session, new Reactor(poller))
    {
        _streams = new HandlerStreams(Reactor, host);
        _runspace = RunspaceFactory.CreateRunspace(CreateSessionState());
        _runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        _runspace.Name = $"TwistedPS reactor {Reactor.Id}";
        _runspace.Open();
        session.Adopt(_runspace);
        BeginLoop();
    }

    public override bool IsForeground => false;

    public override HandlerScope CreateScope(SessionState session) => new BackgroundScope(session);

    public override void Interrupt() => _pipeline?.BeginStop(null, null);

    /// <summary>Errors of handlers are in the log and on the server; the prompt belongs to somebody else.</summary>
    public override void Report(ErrorRecord error)
    {
    }

    public override void Shutdown()
    {
        Task stopped = StopEndpointsAsync(TimeSpan.Zero);
        if (Reactor.IsCurrent)
        {
            stopped.ContinueWith(_ => Reactor.Stop(), TaskScheduler.Default);
            return;
        }

        if (!stopped.Wait(s_shutdownLimit))
        {
            Interrupt();
            stopped.Wait(s_shutdownLimit);
        }

        Reactor.Stop();
        _ended.Task.Wait(s_shutdownLimit);
    }

    private static InitialSessionState CreateSessionState()
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        foreach (Type type in Assembly.GetExecutingAssembly().GetTypes())
        {
            if (type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet)
                state.Commands.Add(new SessionStateCmdletEntry($"{cmdlet.VerbName}-{cmdlet.NounName}", type, null));
        }

        return state;
    }

    /// <summary>The loop goes on after an error of its own, unless that is all it does.</summary>
    private void LoopFailed(RuntimeException error)
    {
        bool again = _lastFailure is { } last && Reactor.TimeProvider.GetElapsedTime(last) < s_failureInterval;
        _lastFailure = Reactor.TimeProvider.GetTimestamp();
        Session.Warn($"Reactor {Reactor.Id} has failed and {(again ? "stops" : "goes on")}: {error.Message}");
        if (again)
            Reactor.Stop();
    }

    private void BeginLoop()
    {
        PowerShell pipeline = PowerShell.Create();
        pipeline.Runspace = _runspace;
        pipeline.AddCommand(ReactorLoopCommand.Name).AddParameter(nameof(ReactorLoopCommand.Reactor), Reactor);
        _streams.Watch(pipeline.Streams);
        _pipeline = pipeline;
        pipeline.BeginInvoke<PSObject>(null, new PSInvocationSettings(), EndLoop, null);
    }

    private void EndLoop(IAsyncResult result)
    {
        PowerShell pipeline = _pipeline!;
        try
        {
            pipeline.EndInvoke(result);
        }
        catch (PipelineStoppedException)
        {
            // A handler was interrupted; what comes after it is done by the next pipeline.
        }
        catch (RuntimeException e)
        {
            LoopFailed(e);
        }

        pipeline.Dispose();
        if (!Reactor.IsStopped)
        {
            BeginLoop();
            return;
        }

        _pipeline = null;
        Scripting.Session.Remove(this);
        Reactor.Dispose();
        _ended.SetResult();
        _runspace.CloseAsync();
    }
}
