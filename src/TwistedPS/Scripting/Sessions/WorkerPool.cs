using System.Management.Automation.Runspaces;
using TwistedPS.Engine.Deferreds;

namespace TwistedPS.Scripting;

/// <summary>
/// A pool of threads with a runspace each, for work that may block. They are created on demand, up to a limit, and end when
/// idle for a while. Members may be called from any thread.
/// </summary>
internal sealed class WorkerPool
{
    private const int StackSize = 10_000_000;
    private const int MostLeft = 200;

    private static readonly TimeSpan s_idleLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(1);

    [ThreadStatic]
    private static Recipient? s_asker;

    private readonly object _lock = new();
    private readonly Session _session;
    private readonly WorkQueue _queue;
    private int _workers;
    private int _left;
    private int _begun;
    private bool _isStopped;

    public WorkerPool(Session session)
    {
        _session = session;
        _queue = new WorkQueue(Abandon);
    }

    /// <summary>The largest number of threads at once.</summary>
    public int Limit { get; set; } = 10;

    /// <summary>The name of its threads and runspaces.</summary>
    public string Name { get; init; } = "TwistedPS worker";

    /// <summary>The recipient for which the calling worker works; null for none, and on any other thread.</summary>
    public static Recipient? CurrentAsker => s_asker;

    /// <summary>Whether any work is queued, runs, or has not been reported yet.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_lock)
                return _queue.WaitingCount + _queue.RunningCount > 0 || Volatile.Read(ref _begun) > 0;
        }
    }

    /// <summary>Queues work; unless it is withdrawn, its result or error is reported, on the worker's thread.</summary>
    /// <param name="item">The work.</param>
    /// <param name="asker">The recipient in whose turn it runs, and with which it ends; null for none.</param>
    /// <returns>False if it has to wait until other work has ended.</returns>
    public bool Add(WorkItem item, Recipient? asker)
    {
        lock (_lock)
        {
            _isStopped = false;
            _queue.Add(item, asker);
            StartWorkers();

            // A woken worker may exceed a limit that has been lowered.
            Monitor.PulseAll(_lock);
            return _queue.WaitingCount + _queue.RunningCount <= Limit;
        }
    }

    /// <summary>Withdraws work if it still waits.</summary>
    /// <returns>False if it does not.</returns>
    public bool Withdraw(BlockingWork work)
    {
        lock (_lock)
            return _queue.Withdraw(work);
    }

    /// <summary>Withdraws queued work, or stops running work. Does not wait.</summary>
    public void Cancel(BlockingWork work)
    {
        Withdraw(work);
        work.Cancel();
    }

    /// <summary>
    /// Withdraws queued work, or stops running work, which is left to its thread if that takes long: another takes its place,
    /// unless too many are left already. Does not wait.
    /// </summary>
    public void GiveUp(BlockingWork work)
    {
        Cancel(work);
        Task.Delay(s_stopLimit).ContinueWith(_ => Leave(work), TaskScheduler.Default);
    }

    /// <summary>Stops all work and lets the threads end. What can't be stopped is abandoned after a short wait.</summary>
    public void Stop()
    {
        BlockingWork[] stuck;
        lock (_lock)
        {
            _isStopped = true;
            _queue.Clear();
            foreach (BlockingWork work in Stoppable)
                work.Cancel();
            Monitor.PulseAll(_lock);
            long start = Environment.TickCount64;
            while (Stoppable.Any() && s_stopLimit - TimeSpan.FromMilliseconds(Environment.TickCount64 - start) is { Ticks: > 0 } left)
                Monitor.Wait(_lock, left);
            stuck = [.. Stoppable];
        }

        foreach (BlockingWork work in stuck)
            work.Abandon();
    }

    private IEnumerable<BlockingWork> Stoppable => _queue.Running.Select(item => item.Work).Where(work => !work.IsAbandoned);

    // Nothing that waits may begin while what runs is stopped, so it is withdrawn first.
    private void Abandon(WorkShare share)
    {
        WorkItem[] abandoned;
        lock (_lock)
            abandoned = _queue.Abandon(share);
        foreach (WorkItem item in abandoned)
            item.Abandon();
    }

    private void Leave(BlockingWork work)
    {
        lock (_lock)
        {
            if (_left == MostLeft || !_queue.Leave(work))
                return;
            _left++;
            _workers--;
            StartWorkers();
        }
    }

    private void StartWorkers()
    {
        while (_workers - _queue.RunningCount < _queue.WaitingCount && _workers < Limit)
        {
            _workers++;

            // A thread that PowerShell creates for a runspace would keep the process alive.
            new Thread(Work, StackSize) { IsBackground = true, Name = Name }.Start();
        }
    }

    private void Work()
    {
        using Runspace runspace = RunspaceFactory.CreateRunspace(new HandlerHost(), BackgroundReactor.CreateSessionState());
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Name = Name;
        runspace.Open();
        _session.Adopt(runspace);
        try
        {
            while (DoNext(runspace))
            {
            }
        }
        catch (Exception) when (runspace.RunspaceStateInfo.State != RunspaceState.Opened)
        {
            // A stop of the pool, or the end of PowerShell, closes every runspace, even a busy one.
            lock (_lock)
                _workers--;
        }
    }

    /// <summary>
    /// Runs the next work in its own stack frame, so that a waiting worker does not keep finished work alive.
    /// </summary>
    /// <returns>False if the worker is to end.</returns>
    private bool DoNext(Runspace runspace)
    {
        if (Next() is not var (share, item))
            return false;
        Interlocked.Increment(ref _begun);
        try
        {
            if (Run(share, item, runspace) is not { } outcome)
                return false;
            item.Complete(outcome);
        }
        finally
        {
            Interlocked.Decrement(ref _begun);
        }

        runspace.ResetRunspaceState();
        return true;
    }

    /// <returns>The outcome; null if the work was left, and another worker has the place of this one.</returns>
    private Outcome? Run(WorkShare share, WorkItem item, Runspace runspace)
    {
        s_asker = item.IsDetached ? null : share.Asker;
        Outcome? outcome = null;
        try
        {
            outcome = item.Work.Run(runspace);
        }
        finally
        {
            s_asker = null;
            lock (_lock)
            {
                if (!_queue.End(share, item))
                {
                    _left--;
                    outcome = null;
                }

                Monitor.PulseAll(_lock);
            }
        }

        return outcome;
    }

    /// <returns>
    /// The next work; null if the worker is to end, since it was idle for a while or there are too many workers.
    /// </returns>
    private (WorkShare Share, WorkItem Item)? Next()
    {
        lock (_lock)
        {
            long start = Environment.TickCount64;
            while (_queue.WaitingCount == 0 || _workers > Limit)
            {
                TimeSpan left = s_idleLimit - TimeSpan.FromMilliseconds(Environment.TickCount64 - start);
                if (_isStopped || left <= TimeSpan.Zero || _workers > Limit)
                {
                    _workers--;
                    return null;
                }

                Monitor.Wait(_lock, left);
            }

            return _queue.Begin();
        }
    }
}
