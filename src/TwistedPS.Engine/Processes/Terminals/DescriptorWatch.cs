using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Processes;

/// <summary>
/// A thread that waits for descriptors that are no sockets, which .NET has no asynchronous calls for. One serves all of this
/// process, for as long as it lives. Thread-safe.
/// </summary>
internal sealed class DescriptorWatch
{
    private const int Batch = 64;

    private static readonly Lazy<DescriptorWatch> s_shared = new(() => new DescriptorWatch());

    private readonly int _epoll = Epoll.Create();
    private readonly Dictionary<int, TaskCompletionSource<uint>> _waiting = [];

    private DescriptorWatch() => new Thread(Run) { IsBackground = true, Name = "TwistedPS terminals" }.Start();

    public static DescriptorWatch Shared => s_shared.Value;

    /// <summary>Waits until a descriptor is ready. It must stay open meanwhile, and have one who waits at most.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="events">The readiness to wait for.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>The readiness that there is.</returns>
    public async Task<uint> WaitAsync(int descriptor, uint events, CancellationToken cancel)
    {
        var ready = new TaskCompletionSource<uint>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            Epoll.Control(_epoll, Epoll.Add, descriptor, events | Epoll.OneShot);
            _waiting.Add(descriptor, ready);
        }

        using CancellationTokenRegistration cancelling = cancel.Register(() =>
        {
            if (Remove(descriptor) is { } waiter)
                waiter.TrySetCanceled(cancel);
        });
        return await ready.Task.ConfigureAwait(false);
    }

    private TaskCompletionSource<uint>? Remove(int descriptor)
    {
        lock (_waiting)
        {
            if (_waiting.Remove(descriptor, out TaskCompletionSource<uint>? waiter))
                Epoll.Forget(_epoll, descriptor);
            return waiter;
        }
    }

    private void Run()
    {
        byte[] events = new byte[Batch * Epoll.EventSize];
        while (true)
        {
            int count = Epoll.Wait(_epoll, events, Timeout.Infinite);
            for (int i = 0; i < count; i++)
            {
                (uint ready, int descriptor) = Epoll.EventAt(events, i);
                Remove(descriptor)?.TrySetResult(ready);
            }
        }
    }
}
