using System.Threading.Channels;

namespace TwistedPS.Engine.Groups;

/// <summary>
/// What a backplane is asked for, and does in that order, so that nobody waits for the network. Thread-safe.
/// </summary>
internal sealed class BackplaneWork : IAsyncDisposable
{
    private const int MostWaiting = 100_000;

    private static readonly TimeSpan s_endLimit = TimeSpan.FromSeconds(1);

    private readonly string _address;
    private readonly CancellationTokenSource _ended = new();
    private readonly Channel<Func<CancellationToken, ValueTask>> _waiting = Channel.CreateUnbounded<Func<CancellationToken, ValueTask>>();
    private readonly Task _done;

    /// <param name="address">The address of the broker.</param>
    /// <param name="isLoss">Whether an error is that of a connection that was lost: the work is then lost with it.</param>
    public BackplaneWork(string address, Func<Exception, bool> isLoss)
    {
        _address = address;
        _done = DoAsync(isLoss);
    }

    /// <summary>Adds work. After the end it is dropped.</summary>
    /// <param name="work">The work, which ends early when its token is cancelled.</param>
    public void Add(Func<CancellationToken, ValueTask> work) => _waiting.Writer.TryWrite(work);

    /// <summary>Adds what may be refused.</summary>
    /// <exception cref="BackplaneException">Too much waits already.</exception>
    public void AddIfRoom(Func<CancellationToken, ValueTask> work)
    {
        if (_waiting.Reader.Count >= MostWaiting)
            throw new BackplaneException(BackplaneFault.Disconnected, $"{MostWaiting} messages wait for the broker {_address} already.");
        Add(work);
    }

    /// <summary>Completes when all that was added before is done.</summary>
    public Task FlushAsync(CancellationToken cancel)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(_ =>
        {
            done.SetResult();
            return default;
        });
        return done.Task.WaitAsync(cancel);
    }

    /// <summary>Takes no more work, and completes when the rest is done or was given up after a second.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_waiting.Writer.TryComplete())
            return;
        _ended.CancelAfter(s_endLimit);
        await _done.ConfigureAwait(false);
        _ended.Dispose();
    }

    private async Task DoAsync(Func<Exception, bool> isLoss)
    {
        await foreach (Func<CancellationToken, ValueTask> work in _waiting.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await work(_ended.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (isLoss(e) || e is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // Each message arrives at most once, so there is nothing to be repeated.
            }
        }
    }
}
