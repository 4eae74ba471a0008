using System.Management.Automation.Runspaces;
using TwistedPS.Engine.Deferreds;

namespace TwistedPS.Scripting;

/// <summary>
/// A pool of threads with a runspace each, for work that may block. They are created on demand, up to a limit, and end when
/// idle for a while. Members may be called from any thread.
/// </summary>
internal sealed class WorkerPool(Session session)
{
    private const int StackSize = 10_000_000;

    private static readonly TimeSpan s_idleLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(1);

    private readonly LinkedList<Item> _waiting = [];
    private readonly HashSet<BlockingWork> _running = [];
    private int _workers;
    private bool _isStopped;

    /// <summary>The largest number of threads at once.</summary>
    public int Limit { get; set; } = 10;

    /// <summary>Queues work.</summary>
    /// <param name="work">The work.</param>
    /// <param name="done">Called with the result or error, on the worker's thread, unless the work is withdrawn.</param>
    public void Add(BlockingWork work, Action<Outcome> done)
    {
        lock (_waiting)
        {
            _isStopped = false;
            _waiting.AddLast(new Item(work, done));
            while (_workers - _running.Count < _waiting.Count && _workers < Limit)
            {
                _workers++;

                // A thread that PowerShell creates for a runspace would keep the process alive.
                new Thread(Work, StackSize) { IsBackground = true, Name = "TwistedPS worker" }.Start();
            }

            // A woken worker may exceed a limit that has been lowered.
            Monitor.PulseAll(_waiting);
        }
    }

    /// <summary>Withdraws queued work, or stops running work. Does not wait.</summary>
    public void Cancel(BlockingWork work)
    {
        lock (_waiting)
        {
            if (_waiting.FirstOrDefault(item => item.Work == work) is { } waiting)
                _waiting.Remove(waiting);
        }

        work.Cancel();
    }

    /// <summary>Stops all work and lets the threads end. What can't be stopped is abandoned after a short wait.</summary>
    public void Stop()
    {
        BlockingWork[] stuck;
        lock (_waiting)
        {
            _isStopped = true;
            _waiting.Clear();
            foreach (BlockingWork work in Stoppable)
                work.Cancel();
            Monitor.PulseAll(_waiting);
            long start = Environment.TickCount64;
            while (Stoppable.Any() && s_stopLimit - TimeSpan.FromMilliseconds(Environment.TickCount64 - start) is { Ticks: > 0 } left)
                Monitor.Wait(_waiting, left);
            stuck = [.. Stoppable];
        }

        foreach (BlockingWork work in stuck)
            work.Abandon();
    }

    private IEnumerable<BlockingWork> Stoppable => _running.Where(work => !work.IsAbandoned);

    private void Work()
    {
        using Runspace runspace = RunspaceFactory.CreateRunspace(BackgroundReactor.CreateSessionState());
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Name = "TwistedPS worker";
        runspace.Open();
        session.Adopt(runspace);
        try
        {
            while (DoNext(runspace))
            {
            }
        }
        catch (Exception) when (runspace.RunspaceStateInfo.State != RunspaceState.Opened)
        {
            // A stop of the pool, or the end of PowerShell, closes every runspace, even a busy one.
            lock (_waiting)
                _workers--;
        }
    }

    /// <summary>
    /// Runs the next work in its own stack frame, so that a waiting worker does not keep finished work alive.
    /// </summary>
    /// <returns>False if the worker is to end.</returns>
    private bool DoNext(Runspace runspace)
    {
        if (Next() is not { } item)
            return false;
        item.Done(Run(item.Work, runspace));
        runspace.ResetRunspaceState();
        return true;
    }

    private Outcome Run(BlockingWork work, Runspace runspace)
    {
        try
        {
            return work.Run(runspace);
        }
        finally
        {
            lock (_waiting)
            {
                _running.Remove(work);
                Monitor.PulseAll(_waiting);
            }
        }
    }

    /// <returns>
    /// The next work; null if the worker is to end, since it was idle for a while or there are too many workers.
    /// </returns>
    private Item? Next()
    {
        lock (_waiting)
        {
            long start = Environment.TickCount64;
            while (_waiting.Count == 0 || _workers > Limit)
            {
                TimeSpan left = s_idleLimit - TimeSpan.FromMilliseconds(Environment.TickCount64 - start);
                if (_isStopped || left <= TimeSpan.Zero || _workers > Limit)
                {
                    _workers--;
                    return null;
                }

                Monitor.Wait(_waiting, left);
            }

            Item item = _waiting.First!.Value;
            _waiting.RemoveFirst();
            _running.Add(item.Work);
            return item;
        }
    }

    private sealed record Item(BlockingWork Work, Action<Outcome> Done);
}
