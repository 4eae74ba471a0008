using System.Management.Automation;
using System.Management.Automation.Runspaces;
using TwistedPS.Engine.Deferreds;

namespace TwistedPS.Scripting;

/// <summary>A script that may block, for a worker.</summary>
/// <param name="location">The working directory.</param>
internal abstract class BlockingWork(string location)
{
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
        StreamRecords.Watch(pipeline.Streams, record => StreamRecords.Log(record, Log));
        try
        {
            Enter(runspace.SessionStateProxy.Path);
            object? result = Invoke(pipeline, () => Begin(pipeline));

            // PowerShell may end a pipeline that was stopped as if it had come to its end, with the output until then.
            return _isCancelled ? Stopped(null) : Outcome.Succeeded(result);
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

    /// <summary>Runs the script in a pipeline.</summary>
    /// <param name="pipeline">The pipeline, which is still empty.</param>
    /// <param name="begin">To be called by the script before all else.</param>
    /// <returns>Its result.</returns>
    protected abstract object? Invoke(PowerShell pipeline, Action begin);

    /// <summary>Logs what it writes to streams other than its output.</summary>
    protected abstract void Log(LogLevel level, string message);

    /// <summary>Goes to the working directory, if a runspace isn't there: PowerShell looks at all mounted drives for that.</summary>
    private void Enter(PathIntrinsics paths)
    {
        if (paths.CurrentLocation.Path != location)
            paths.SetLocation(WildcardPattern.Escape(location));
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
}
