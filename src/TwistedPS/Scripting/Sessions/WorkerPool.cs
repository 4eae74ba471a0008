using System.Management.Automation.Runspaces;
using TwistedPS.Engine.Deferreds;

namespace TwistedPS.Scripting;

/// <summary>
/// Threads with a runspace each, for work that may block. They are made when there is work for them, up to a limit, and end
/// when there was none for a while. Members may be called from any thread.
/// </summary>
internal sealed class WorkerPool(Session session)
{
    private const int StackSize = 10_000_000;

    private static readonly TimeSpan s_idleLimit = TimeSpan.FromSeconds(5);

    private readonly LinkedList<Item> _waiting = [];
    private readonly HashSet<BlockingWork> _running = [];
    private int _workers;
    private bool _isStopped;

    /// <summary>How many run at once.</summary>
    public int Limit { get; set; } = 10;

    /// <summary>Has work done when it is its turn.</summary>
    /// <param name="work">The work.</param>
    /// <param name="done">Told what it has ended with, on the worker's thread; not if it was taken back.</param>
    public void Add(BlockingWork work, Action<Outcome> done)
    {
        lock (_waiting)
        {
            _isStopped = false;
            _waiting.AddLast(new Item(work, done));
            while (_workers - _running.Count < _waiting.Count && _workers < Limit)
            {
                _workers++;

                // A thread that PowerShell makes for a runspace would keep the process alive.
                new Thread(Work, StackSize) { IsBackground = true, Name = "TwistedPS worker" }.Start();
            }

            // Whoever is woken may be one too many for a limit that is lower now.
            Monitor.PulseAll(_waiting);
        }
    }

    /// <summary>Takes work back, or stops it. Does not wait.</summary>
    public void Cancel(BlockingWork work)
    {
        lock (_waiting)
        {
            if (_waiting.FirstOrDefault(item => item.Work == work) is { } waiting)
                _waiting.Remove(waiting);
        }

        work.Cancel();
    }

    /// <summary>Stops all work and lets the threads end. Does not wait.</summary>
    public void Stop()
    {
        lock (_waiting)
        {
            _isStopped = true;
            _waiting.Clear();
            foreach (BlockingWork work in _running)
                work.Cancel();
            Monitor.PulseAll(_waiting);
        }
    }

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
            // When PowerShell ends it closes every runspace, whatever is being done there.
        }
    }

    /// <summary>Has a frame of its own, so that a worker that waits for more does not keep what it has done alive.</summary>
    /// <returns>False when the worker is to end.</returns>
    private bool DoNext(Runspace runspace)
    {
        if (Next() is not { } item)
            return false;
        Outcome outcome = item.Work.Run(runspace);
        lock (_waiting)
            _running.Remove(item.Work);
        item.Done(outcome);
        runspace.ResetRunspaceState();
        return true;
    }

    /// <returns>Null when there was nothing to do for a while, or there are too many: the worker ends.</returns>
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
