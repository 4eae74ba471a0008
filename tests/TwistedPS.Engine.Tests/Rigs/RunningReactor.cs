using System.Diagnostics;

namespace TwistedPS.Tests;

/// <summary>A reactor on its own thread, which goes on after each interruption.</summary>
internal sealed class RunningReactor : IDisposable
{
    private readonly Thread _thread;
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _interruptions;

    public RunningReactor(PollerKind poller, TimeProvider? time = null)
        : this(new Reactor(poller, time))
    {
    }

    public RunningReactor(Reactor reactor)
    {
        Reactor = reactor;
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public Reactor Reactor { get; }

    public int Interruptions => Volatile.Read(ref _interruptions);

    public T Invoke<T>(Func<T> work)
    {
        Task<T> done = Reactor.InvokeAsync(work);
        Task first = Task.WhenAny(done, _failed.Task).Soon().GetAwaiter().GetResult();
        first.GetAwaiter().GetResult();
        return done.GetAwaiter().GetResult();
    }

    public void Invoke(Action work) => Invoke(() =>
    {
        work();
        return true;
    });

    /// <summary>Waits for a condition, which is checked on the reactor's thread between two turns.</summary>
    public void Until(Func<bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (!Invoke(condition))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Waiting.Limit, "The condition did not come true.");
            Thread.Yield();
        }
    }

    public void Dispose()
    {
        Reactor.Stop();
        Assert.True(_thread.Join(Waiting.Limit), "The loop did not end.");
        Reactor.Dispose();
        if (_failed.Task.IsFaulted)
            _failed.Task.GetAwaiter().GetResult();
    }

    private void Run()
    {
        try
        {
            while (!Reactor.IsStopped)
                RunOnce();
        }
        catch (Exception e)
        {
            _failed.SetException(e);
        }
    }

    private void RunOnce()
    {
        try
        {
            Reactor.Run();
        }
        catch (ReactorInterruptedException)
        {
            Interlocked.Increment(ref _interruptions);
        }
    }
}
