using System.Management.Automation;
using System.Management.Automation.Runspaces;
using TwistedPS.Engine.Deferreds;
using TwistedPS.Engine.Services;

namespace TwistedPS.Scripting;

/// <summary>A script that may block, for a worker; its output fires a deferred.</summary>
/// <param name="script">The script.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="location">The working directory.</param>
/// <param name="log">The log for what it writes to streams other than its output.</param>
internal sealed class BlockingWork(ScriptText script, object?[] arguments, string location, ReactorLog log)
{
    // Within a try with a catch, an error that ends a statement ends the work, as it ends a handler.
    private const string Runner = "param($script, $arguments, $begin) try { $begin.Invoke(); & $script @arguments } catch { throw }";

    private readonly object _lock = new();
    private PowerShell? _pipeline;
    private Task? _stop;
    private volatile bool _isCancelled;

    /// <summary>Whether it was left running, since it could not be stopped.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>Runs it on the calling thread.</summary>
    /// <returns>Its result or error.</returns>
    public Outcome Run(Runspace runspace)
    {
        if (_isCancelled)
            return Stopped(null);
        using PowerShell pipeline = PowerShell.Create();
        pipeline.Runspace = runspace;
        try
        {
            Prepare(pipeline, runspace.SessionStateProxy);
            PSObject?[] output = [.. pipeline.Invoke()];
            return Outcome.Succeeded(DeferredScript.ResultOf(output));
        }
        catch (PipelineStoppedException e)
        {
            return Stopped(e);
        }
        catch (RuntimeException e)
        {
            return _isCancelled ? Stopped(e) : Outcome.Failed(e);
        }
        finally
        {
            End();
            Log(pipeline.Streams);
        }
    }

    /// <summary>Stops it, or prevents its start. Does not wait. From any thread.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            _isCancelled = true;

            // PowerShell's own BeginStop waits on a thread that would keep the process alive. What can't be stopped holds this
            // one, so it is none of .NET's pool.
            if (_pipeline is { } pipeline)
                _stop ??= Task.Factory.StartNew(pipeline.Stop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    /// <summary>Leaves it, if it still runs although it was cancelled. From any thread.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            IsAbandoned = true;
            if (_pipeline is { } pipeline)
                StuckRunspace.Abandon(pipeline.Runspace);
        }
    }

    // PowerShell ignores a stop that comes before the pipeline runs, so the pipeline itself says when it can be stopped.
    private void Begin(PowerShell pipeline)
    {
        lock (_lock)
        {
            if (_isCancelled)
                throw new PipelineStoppedException();
            _pipeline = pipeline;
        }
    }

    // The runspace is used again, and a stop must not reach into the next pipeline.
    private void End()
    {
        Task? stop;
        lock (_lock)
            (_pipeline, stop) = (null, _stop);
        if (stop is not null)
            Task.WaitAny(stop);
    }

    private static Outcome Stopped(Exception? cause) => Outcome.Failed(new DeferredCancelledException("The work was stopped.", cause));

    private void Prepare(PowerShell pipeline, SessionStateProxy state)
    {
        state.Path.SetLocation(WildcardPattern.Escape(location));
        pipeline.AddScript(Runner).AddArgument(script.Rebuild(built => built)).AddArgument(arguments).AddArgument((Action)(() => Begin(pipeline)));
    }

    private void Log(PSDataStreams streams)
    {
        foreach (ErrorRecord error in streams.Error)
            log.Add(LogLevel.Error, $"{error}");
        foreach (WarningRecord warning in streams.Warning)
            log.Add(LogLevel.Warning, warning.Message);
        foreach (InformationalRecord verbose in streams.Verbose)
            log.Add(LogLevel.Information, verbose.Message);
        foreach (InformationRecord information in streams.Information)
            log.Add(LogLevel.Information, $"{information}");
        foreach (InformationalRecord debug in streams.Debug)
            log.Add(LogLevel.Debug, debug.Message);
    }
}
