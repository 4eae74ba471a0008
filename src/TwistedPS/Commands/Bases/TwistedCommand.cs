using System.Management.Automation;
using TwistedPS.Consoles;
using TwistedPS.Engine.Services;
using TwistedPS.Parameters;
using TwistedPS.Scripting;
using TwistedPS.Scripting.Inlining;

namespace TwistedPS.Commands;

/// <summary>
/// The base of all cmdlets: Ctrl+C ends their waits at once, and they show the warnings raised since the last cmdlet.
/// </summary>
public abstract class TwistedCommand : PSCmdlet, IDisposable
{
    /// <summary>The folder of the pages that <c>Get-Help -Online</c> opens.</summary>
    private protected const string Pages = "https://github.com/twistedps/twistedps/blob/main/docs/cmdlets/";

    private protected const int UnknownPercentage = -1;

    private static readonly TimeSpan s_progressAfter = TimeSpan.FromSeconds(1);

    // Most calls in a handler need none of these.
    private CancellationTokenSource? _cancel;
    private HashSet<string>? _warned;
    private Session? _session;
    private volatile bool _isDrawing;

    /// <summary>A token that Ctrl+C cancels.</summary>
    internal CancellationToken CancelToken => Cancellation.Token;

    // Looked up when it is needed: help is made from a cmdlet that has no session.
    internal Session Session => _session ??= Session.Current;

    internal string CommandName => MyInvocation.MyCommand.Name;

    /// <summary>How much of its work is done, for the progress of its waits; null if that is unknown.</summary>
    private protected virtual int? PercentComplete => null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        Session.ShowWarnings(this);
        if (Session.IsInFront)
            Session.Interrupted += Interrupt;
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        Cancellation.Cancel();
        if (_isDrawing)
            _ = CursorQuestion.RepeatAsync(() => _isDrawing);
    }

    /// <summary>Frees the resources of the cmdlet.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        if (_session is not null)
            _session.Interrupted -= Interrupt;
        _cancel?.Dispose();
    }

    internal ReactorHost HostOf(Reactor reactor)
    {
        ReactorHost? host = reactor.IsStopped ? null : Session.FindHost(reactor);
        if (host is null)
            ThrowTerminatingError(Errors.ReactorStopped(reactor));
        return host!;
    }

    /// <summary>
    /// Finds the host of a given reactor; for null, that of the session's own, or in a handler of the one that runs it.
    /// </summary>
    /// <returns>The host; null if there is no such reactor, after an error is written.</returns>
    internal ReactorHost? FindHost(Alive<Reactor>? given)
    {
        if (given is null)
            return Session.GetDefault(Host);
        return this.FindOne(LiveKinds.Reactors, given) is { } reactor ? HostOf(reactor) : null;
    }

    /// <summary>Draws progress, or does what may write something while there is progress on the screen.</summary>
    internal void Draw(Action draw)
    {
        _isDrawing = true;
        try
        {
            draw();
        }
        finally
        {
            _isDrawing = false;
        }
    }

    /// <summary>Captures a scriptblock of this session into a scope.</summary>
    internal ScriptHandler? Capture(HandlerScope scope, ScriptBlock? script, object?[]? arguments) =>
        script is null ? null : CaptureOrThrow(scope.Values, () => new ScriptHandler(scope, script, arguments ?? [], SessionState));

    internal T CaptureOrThrow<T>(ScriptValues values, Func<T> capture)
    {
        try
        {
            T captured = capture();

            // A script is captured once for each reactor of a server.
            foreach (string warning in values.DrainWarnings().Where((_warned ??= []).Add))
                WriteWarning(warning);
            return captured;
        }
        catch (UsingVariableNotFoundException e)
        {
            ThrowTerminatingError(Errors.UsingVariableNotFound(e));
            throw;
        }
        catch (ScriptNotCallableException e)
        {
            ThrowTerminatingError(Errors.HandlerInvalid(e, CommandName));
            throw;
        }
    }

    /// <summary>Writes whether the handlers of what a service receives are inlined, with -Verbose.</summary>
    internal void ShowInlining(Service service)
    {
        IEnumerable<(string, Verdict?)> all = service switch
        {
            NetworkService { ConnectionHandler: Scripts scripts } network => scripts.Inlining(network.OnMessage.Name),
            DatagramService { Handler: Scripts scripts } => scripts.Inlining("OnDatagram"),
            _ => [],
        };
        foreach ((string handler, Verdict? verdict) in all)
        {
            if (verdict is not null)
                WriteVerbose($"{handler}: {verdict}");
        }
    }

    /// <summary>Appends a log to a file; null for none.</summary>
    internal void OpenLog(ReactorLog log, string? logPath)
    {
        if (logPath is null)
            return;
        string path = GetUnresolvedProviderPathFromPSPath(logPath);
        try
        {
            log.OpenFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(Errors.LogPath(path, e));
        }
    }

    /// <summary>Waits for a task of a reactor; runs a foreground reactor meanwhile.</summary>
    /// <returns>False on a time-out.</returns>
    internal bool WaitFor(ReactorHost host, Task task, TimeSpan? timeout, string activity, string instead)
    {
        if (task.IsCompleted)
            return true;
        if (host.Reactor.IsCurrent)
            ThrowTerminatingError(Errors.WouldDeadlock(CommandName, instead));

        bool ended = host is ForegroundReactor { IsForCaller: true } foreground
            ? foreground.RunUntil(this, task, timeout, CancelToken)
            : WaitFor(task, timeout, activity);
        CancelToken.ThrowIfStopped();
        return ended;
    }

    /// <summary>Waits for something to end; the end of its reactor counts as well.</summary>
    /// <returns>False on a time-out.</returns>
    internal bool WaitForEnd(Reactor reactor, Task ended, TimeSpan? timeout, string activity, string instead) =>
        Session.FindHost(reactor) is { } host
            ? WaitFor(host, ended, timeout, activity, instead)
            : WaitFor(ended, timeout, activity);

    /// <summary>Waits for deferreds; if one of them is on a foreground reactor, runs that meanwhile.</summary>
    /// <returns>False on a time-out.</returns>
    internal bool WaitForFiring(IReadOnlyCollection<Deferred> deferreds, Task fired, TimeSpan? timeout)
    {
        if (!fired.IsCompleted && deferreds.Any(deferred => deferred.Status == DeferredStatus.Waiting && deferred.Reactor.IsCurrent))
            ThrowTerminatingError(Errors.WouldDeadlock(CommandName, "Use Add-DeferredCallback instead."));
        ReactorHost?[] hosts =
            [.. deferreds.Where(deferred => deferred.Status == DeferredStatus.Waiting).Select(deferred => Session.FindHost(deferred.Reactor))];
        ReactorHost? host = hosts.FirstOrDefault(host => host is { IsForeground: true }) ?? hosts.FirstOrDefault(host => host is not null);
        const string Activity = "Waiting for deferreds";
        return host is null ? WaitFor(fired, timeout, Activity) : WaitFor(host, fired, timeout, Activity, "");
    }

    /// <summary>Waits for a task, and returns its result or throws its error.</summary>
    internal T WaitFor<T>(ReactorHost host, Task<T> task, string activity, string instead)
    {
        WaitFor(host, (Task)task, null, activity, instead);
        return task.GetAwaiter().GetResult();
    }

    private CancellationTokenSource Cancellation => LazyInitializer.EnsureInitialized(ref _cancel, static () => new CancellationTokenSource());

    // Nobody sees progress there, and many may wait.
    private bool WaitUnseen(Task task, TimeSpan? timeout)
    {
        try
        {
            int milliseconds = timeout is null ? Timeout.Infinite : (int)Math.Clamp(Math.Ceiling(timeout.Value.TotalMilliseconds), 0, int.MaxValue);
            return Task.WaitAny([task], milliseconds, CancelToken) == 0;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Interrupt()
    {
        try
        {
            Cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    private bool WaitFor(Task task, TimeSpan? timeout, string activity)
    {
        if (ConversationWork.Current is not null)
            return WaitUnseen(task, timeout);
        long start = TimeProvider.System.GetTimestamp();
        ProgressRecord? progress = null;
        try
        {
            while (true)
            {
                TimeSpan elapsed = TimeProvider.System.GetElapsedTime(start);
                TimeSpan left = timeout - elapsed ?? s_progressAfter;
                if (SessionEvents.Wait(this, task, left < s_progressAfter ? left : s_progressAfter))
                    return true;
                if (timeout is not null && TimeProvider.System.GetElapsedTime(start) >= timeout)
                    return false;
                progress ??= new ProgressRecord(0, activity, "Waiting; Ctrl+C ends it");
                progress.PercentComplete = PercentComplete ?? UnknownPercentage;
                progress.StatusDescription = $"{(int)TimeProvider.System.GetElapsedTime(start).TotalSeconds} s; Ctrl+C ends it";
                Draw(() => WriteProgress(progress));
                Draw(() => Session.ShowWarnings(this));
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            if (progress is not null && !CancelToken.IsCancellationRequested)
            {
                progress.RecordType = ProgressRecordType.Completed;
                Draw(() => WriteProgress(progress));
            }
        }
    }
}
