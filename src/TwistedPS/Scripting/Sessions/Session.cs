using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using TwistedPS.Engine.Deferreds;
using TwistedPS.Engine.Services;

namespace TwistedPS.Scripting;

/// <summary>
/// The reactors of one PowerShell session, and their live services. The runspaces of its background reactors belong to the
/// same session, so that a handler sees the same servers as the prompt.
/// </summary>
internal sealed class Session
{
    private const int MostLookups = 32;

    private static readonly ConditionalWeakTable<Runspace, Session> s_sessions = [];
    private static readonly ConcurrentDictionary<Reactor, ReactorHost> s_hosts = new();

    // A stop by a signal: the time that connections and processes have, and a script for what it does in the end.
    private static readonly TimeSpan s_drainTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_unwindTime = TimeSpan.FromSeconds(2);

    private readonly PendingWarnings _warnings = new();
    private readonly object _defaultLock = new();
    private readonly Runspace _runspace;
    private PSHost? _host;
    private ReactorHost? _default;
    private ReactorHost? _test;
    private volatile bool _isEnding;

    static Session() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        StopAllSessions();
        EndingSignals.WaitForStop();
    };

    private Session(Runspace runspace)
    {
        _runspace = runspace;
        Workers = new WorkerPool(this);
        Resolvers = new WorkerPool(this) { Limit = MostLookups };
        runspace.StateChanged += (_, change) =>
        {
            if (change.RunspaceStateInfo.State is RunspaceState.Closing or RunspaceState.Closed or RunspaceState.Broken)
                StopAll();
        };
    }

    /// <summary>Raised when a signal ends the session, for cmdlets to stop as for Ctrl+C. On any thread.</summary>
    public event Action? Interrupted;

    /// <summary>The session of the calling thread.</summary>
    public static Session Current => s_sessions.GetValue(Runspace.DefaultRunspace, runspace => new Session(runspace));

    /// <summary>The threads that run blocking work.</summary>
    public WorkerPool Workers { get; }

    /// <summary>The threads that run the scripts that look up names.</summary>
    public WorkerPool Resolvers { get; }

    /// <summary>The hosts that it has connected to.</summary>
    public RecentNames KnownHosts { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys of shared values that it has found or set.</summary>
    public RecentNames KnownKeys { get; } = new(StringComparer.Ordinal);

    /// <summary>The hosts of the live reactors.</summary>
    public IEnumerable<ReactorHost> Hosts => s_hosts.Values.Where(host => host.Session == this).OrderBy(host => host.Reactor.Id);

    /// <summary>Whether the caller runs in the runspace of the prompt or script, and not in that of a reactor or worker.</summary>
    public bool IsInFront => Runspace.DefaultRunspace == _runspace;

    /// <summary>The time for connections and processes where everything is stopped: none, unless a signal asks for it.</summary>
    public TimeSpan DrainTime { get; private set; }

    /// <summary>The host of the reactor whose handler runs on the calling thread; null for none.</summary>
    public ReactorHost? CurrentHost
    {
        get
        {
            ReactorHost? first = null;
            foreach ((Reactor reactor, ReactorHost host) in s_hosts)
            {
                if (reactor.IsCurrent && host.Session == this && (first is null || reactor.Id < first.Reactor.Id))
                    first = host;
            }

            return first;
        }
    }

    /// <summary>Returns the live services of a type.</summary>
    public IEnumerable<T> Alive<T>()
        where T : Service => Hosts.SelectMany(host => host.Reactor.Services.OfType<T>()).Distinct();

    /// <summary>The deferreds of the live reactors that somebody still holds, and the last that have succeeded.</summary>
    public IEnumerable<Deferred> Deferreds => Hosts.SelectMany(host => host.Reactor.Deferreds.Listed);

    /// <summary>
    /// Returns the recipient for which the calling thread, in a handler, a conversation, or work that one of them has started, starts
    /// something on a reactor; null for none.
    /// </summary>
    public Recipient? StarterOn(ReactorHost host)
    {
        if (host.Reactor.IsCurrent)
            return host.CurrentRecipient;

        // What OnDisconnect starts goes on.
        Recipient? elsewhere = CurrentHost is not { } handlers ? WorkerPool.CurrentAsker
            : handlers.CurrentRecipient is { HasEnded: false } recipient ? recipient
            : null;
        return elsewhere is null ? null : DistantRecipient.Of(elsewhere);
    }

    /// <summary>Returns the reactor of a service started without one; in a handler, the one that runs it.</summary>
    public ReactorHost GetDefault(PSHost host)
    {
        if (CurrentHost is { } current)
            return current;
        lock (_defaultLock)
        {
            if (_default is null or { Reactor.IsStopped: true })
                _default = new BackgroundReactor(this, host);
            return _default;
        }
    }

    /// <summary>Returns the foreground reactor that all test connections of this session share.</summary>
    public ReactorHost GetTestHost()
    {
        lock (_defaultLock)
        {
            if (_test is null or { Reactor.IsStopped: true })
                _test = new ForegroundReactor(this);
            return _test;
        }
    }

    /// <summary>Returns the host of a reactor of any session; null once it has stopped.</summary>
    public static ReactorHost? FindHost(Reactor reactor) => s_hosts.GetValueOrDefault(reactor);

    /// <summary>Adds the runspace of a reactor to this session.</summary>
    public void Adopt(Runspace runspace) => s_sessions.Add(runspace, this);

    public void Add(ReactorHost host)
    {
        lock (s_hosts)
        {
            s_hosts[host.Reactor] = host;
            EndingSignals.Watch();
        }

        host.Reactor.HandlerHeld += call => NoteHeld(host, call);
        host.Reactor.Deferreds.FailureUnhandled += failure => NoteUnhandled(host, failure);
    }

    public static void Remove(ReactorHost host)
    {
        lock (s_hosts)
        {
            s_hosts.TryRemove(host.Reactor, out _);
            if (s_hosts.IsEmpty)
                EndingSignals.Unwatch();
        }
    }

    /// <summary>Shows the warnings that other threads have raised since the last cmdlet.</summary>
    public void ShowWarnings(PSCmdlet cmdlet)
    {
        // Nobody sees what a cmdlet writes in a background handler or in blocking work.
        if (!IsInFront)
            return;
        _host = cmdlet.Host;
        var report = new HandlerReport(cmdlet);
        foreach (string warning in _warnings.Drain())
            report.Warning(VisibleText.Of(warning));
    }

    /// <summary>Queues a warning for the next cmdlet of this session. From any thread.</summary>
    public void Warn(string warning) => _warnings.Add(warning);

    /// <summary>Queues warnings for the next cmdlet of this session. From any thread.</summary>
    public void Warn(IEnumerable<string> warnings)
    {
        foreach (string warning in warnings)
            Warn(warning);
    }

    /// <summary>Stops all reactors and everything that runs on them, and waits briefly for their handlers.</summary>
    public void StopAll()
    {
        // Connections that are drained wait for what has been begun for them.
        if (DrainTime == TimeSpan.Zero)
            Workers.Stop();

        // A reactor with a handler to interrupt takes a while, and must not hold up the others.
        ILookup<bool, ReactorHost> hosts = Hosts.Where(CanStop).ToLookup(host => host.IsForeground || host.Reactor.IsCurrent);
        Task[] elsewhere = [.. hosts[false].Select(host => Task.Run(host.Shutdown))];
        foreach (ReactorHost host in hosts[true])
            host.Shutdown();
        Task.WaitAll(elsewhere);
        Resolvers.Stop();

        // There may be no further cmdlet to show them.
        foreach (string warning in _warnings.Drain())
            _host?.UI?.WriteWarningLine(VisibleText.Of(warning));
    }

    /// <summary>Ends all sessions that have reactors gracefully, for a process that ends. Waits for them.</summary>
    public static void EndAll() => Task.WaitAll(
        [.. s_hosts.Values.Select(host => host.Session).Distinct().Select(session => Task.Run(session.End))]);

    /// <summary>Kills the processes of all reactors, which nobody else does once this process is gone.</summary>
    public static void KillProcesses()
    {
        foreach (ReactorProcess process in s_hosts.Keys.SelectMany(reactor => reactor.Services.OfType<ReactorProcess>()))
            process.Abandon();
    }

    private bool IsClosed => _runspace.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken;

    private void End()
    {
        try
        {
            _isEnding = true;
            DrainTime = s_drainTime;
            Action? interrupt = Interrupted;

            // One that a cmdlet has run, and is to run again to the end, is not running in between.
            ReactorHost[] running = [.. Hosts.Where(host => host.Reactor.IsRunning)];
            interrupt?.Invoke();
            StopAll();
            bool stopped = SpinWait.SpinUntil(() => running.All(host => host.Reactor.IsStopped), s_drainTime + s_grace);
            Workers.Stop();

            // A script has finally blocks around what it has waited for. What does something else is stopped, as by Ctrl+C.
            DrainTime = TimeSpan.Zero;
            if (stopped && interrupt is not null && SpinWait.SpinUntil(() => IsClosed, s_unwindTime))
                return;
            _runspace.CloseAsync();
            SpinWait.SpinUntil(() => IsClosed, s_unwindTime);
        }
        finally
        {
            KillProcesses();
        }
    }

    /// <summary>
    /// Whether a reactor can be stopped from here. A signal's thread is none for handlers of the foreground: the cmdlet that
    /// runs them stops them, as at Ctrl+C.
    /// </summary>
    private bool CanStop(ReactorHost host) => !_isEnding || !host.IsForeground;

    private static void StopAllSessions()
    {
        foreach ((_, Session session) in s_sessions)
            session.StopAll();
    }

    private void NoteHeld(ReactorHost host, HandlerCall call)
    {
        string warning = $"{call} has held its reactor for more than a second; nothing else on reactor {host.Reactor.Id} runs meanwhile.";
        (call.Owner?.ReactorLog ?? host.Reactor.ReactorLog).Add(LogLevel.Warning, warning);
        Warn(warning);
    }

    private static void NoteUnhandled(ReactorHost host, UnhandledFailure failure)
    {
        string made = failure.Origin is null ? "" : $", made at {failure.Origin}";
        string warning = $"Nobody has handled the error of deferred {failure.Id}{made}: {VisibleText.JoinLines(Errors.Describe(failure.Error).Message)}";
        host.Reactor.ReactorLog.Add(LogLevel.Error, warning);
        host.Session.Warn(warning);
    }
}
