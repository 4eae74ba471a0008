using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Reflection;
using TwistedPS.Engine.Services;

namespace TwistedPS.Scripting;

/// <summary>
/// A reactor that runs beside the prompt, on its own thread and in its own runspace. To stop a handler, its pipeline is
/// stopped, and the loop goes on in a new one.
/// </summary>
internal sealed class BackgroundReactor : ReactorHost
{
    private const int StackSize = 10_000_000;

    // Within a try with a catch, an error that ends a statement of a handler ends the handler as well, wherever it runs.
    private const string LoopScript =
        $"param($reactor) try {{ {ReactorLoopCommand.Name} -Reactor $reactor }} catch {{ throw }}";

    private static readonly TimeSpan s_shutdownLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_failureInterval = TimeSpan.FromSeconds(1);

    private readonly Runspace _runspace;
    private readonly PSHost _host;
    private readonly PollerKind _poller;
    private readonly HandlerStreams _streams;
    private readonly Thread _thread;
    private volatile PowerShell? _pipeline;
    private long? _lastFailure;

    public BackgroundReactor(Session session, PSHost host, PollerKind poller = PollerKind.Auto, TimeProvider? time = null)
        : base(session, new Reactor(poller, time))
    {
        (_host, _poller) = (host, poller);
        _streams = new HandlerStreams(Reactor);
        _runspace = RunspaceFactory.CreateRunspace(new HandlerHost(), CreateSessionState());
        _runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        _runspace.Name = $"TwistedPS reactor {Reactor.Id}";
        _runspace.Open();
        session.Adopt(_runspace);

        // A thread that PowerShell makes for a runspace would keep the process alive.
        _thread = new Thread(RunLoop, StackSize) { IsBackground = true, Name = _runspace.Name };
        _thread.Start();
    }

    public override bool IsForeground => false;

    public override HandlerScope CreateScope(SessionState session) => new BackgroundScope(session);

    /// <summary>Creates another one like it, for a server on both. From any thread.</summary>
    public BackgroundReactor CreateAnother() => new(Session, _host, _poller) { Reactor = { Resolver = Reactor.Resolver } };

    public override void Interrupt()
    {
        if (_pipeline is { } pipeline)
            Task.Run(() => InterruptAsync(pipeline, Reactor.Watch.Current));
    }

    /// <summary>Leaves the warning to the next cmdlet at the prompt, which belongs to the user.</summary>
    public override void Report(ErrorRecord error, string? warning)
    {
        if (warning is not null)
            Session.Warn(warning);
    }

    public override void Shutdown()
    {
        if (Reactor.IsStopped)
            return;
        Task stopped = EndServicesAsync();
        if (Reactor.IsCurrent)
        {
            stopped.ContinueWith(_ => Reactor.Stop(), TaskScheduler.Default);
            return;
        }

        if (!stopped.Wait(Session.DrainTime + s_shutdownLimit))
        {
            Interrupt();
            stopped.Wait(s_shutdownLimit);
        }

        Reactor.Stop();
        if (!_thread.Join(stopped.IsCompleted ? s_shutdownLimit : TimeSpan.Zero))
            StuckRunspace.Abandon(_runspace);
    }

    /// <summary>
    /// Creates the initial state of this module's runspaces: with the module's cmdlets, and without the user's profile.
    /// </summary>
    public static InitialSessionState CreateSessionState()
    {
        Assembly module = Assembly.GetExecutingAssembly();
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.Types.Add(new SessionStateTypeEntry(Path.Combine(Path.GetDirectoryName(module.Location)!, "TwistedPS.Types.ps1xml")));
        foreach (Type type in module.GetTypes())
        {
            if (type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet)
                Add(state, $"{cmdlet.VerbName}-{cmdlet.NounName}", type);
        }

        // PowerShell looks for it in the environment at each command, unless there is a variable.
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(nameof(PSModuleAutoLoadingPreference))))
            state.Variables.Add(new SessionStateVariableEntry(nameof(PSModuleAutoLoadingPreference), PSModuleAutoLoadingPreference.All, ""));
        return state;
    }

    private static void Add(InitialSessionState state, string name, Type type)
    {
        state.Commands.Add(new SessionStateCmdletEntry(name, type, null));

        // It has no module there that could qualify its name.
        state.Commands.Add(new SessionStateAliasEntry($"{nameof(TwistedPS)}\\{name}", name));
    }

    private async Task InterruptAsync(PowerShell pipeline, CallContext? call)
    {
        // PowerShell's own BeginStop waits for the handler on a thread that would keep the process alive.
        Task stopped = Task.Run(pipeline.Stop);
        await Task.WhenAny(stopped, Task.Delay(s_stopLimit)).ConfigureAwait(false);

        // A handler that sleeps or waits in .NET does not notice the stop.
        if (call is not null && !stopped.IsCompleted)
            Reactor.Watch.Interrupt(call, _thread);
    }

    private void RunLoop()
    {
        while (!Reactor.IsStopped)
        {
            try
            {
                RunPipeline();
            }
            catch (Exception e) when (e is PipelineStoppedException || e.GetBaseException() is ThreadInterruptedException)
            {
                // A handler was interrupted; the next pipeline goes on from there.
            }
            catch (RuntimeException e)
            {
                LoopFailed(e);
            }
        }

        _pipeline = null;
        Scripting.Session.Remove(this);
        Reactor.Dispose();
        _runspace.Dispose();
    }

    private void RunPipeline()
    {
        using PowerShell pipeline = PowerShell.Create();
        pipeline.Runspace = _runspace;
        pipeline.AddScript(LoopScript).AddArgument(Reactor);
        _streams.Watch(pipeline.Streams, _host);
        _pipeline = pipeline;
        pipeline.Invoke();
    }

    /// <summary>Lets the loop go on after an error of its own, unless it does nothing but fail.</summary>
    private void LoopFailed(RuntimeException error)
    {
        bool again = _lastFailure is { } last && Reactor.TimeProvider.GetElapsedTime(last) < s_failureInterval;
        _lastFailure = Reactor.TimeProvider.GetTimestamp();
        Session.Warn($"Reactor {Reactor.Id} has failed and {(again ? "stops" : "goes on")}: {Errors.Describe(error)}");
        if (again)
            Reactor.Stop();
    }
}
