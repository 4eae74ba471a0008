using TwistedPS.Engine.Carriers;

namespace TwistedPS.Engine.Processes;

/// <summary>
/// A reader of one output of a process: reads on the thread pool, and has the reactor deliver. It reads on only after delivery,
/// so that the process waits for a slow handler.
/// </summary>
internal sealed class ProcessOutput
{
    /// <summary>The capacity of a Linux pipe, and more than a terminal's: what is left in it when the process has ended.</summary>
    private const int ChunkSize = 65536;

    private readonly ReactorProcess _owner;
    private readonly string _name;
    private readonly Stream _stream;
    private readonly CancellationToken _gone;
    private readonly CancellationTokenSource _waiting;
    private readonly PooledBuffer _kept = new();
    private long _bytes;
    private int _lastRead;
    private bool _isRead;
    private bool _hasMore;

    /// <param name="owner">The process.</param>
    /// <param name="name">The name of the output, for errors.</param>
    /// <param name="stream">The stream to read.</param>
    /// <param name="gone">Ends it without further delivery.</param>
    public ProcessOutput(ReactorProcess owner, string name, Stream stream, CancellationToken gone)
    {
        (_owner, _name, _stream, _gone) = (owner, name, stream, gone);
        _waiting = CancellationTokenSource.CreateLinkedTokenSource(gone);
    }

    /// <summary>The form in which it is delivered; what was read and not delivered is delivered in a new one.</summary>
    public required IOutputForm Form { get; set; }

    /// <summary>The number of bytes read. From any thread.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Whether its end was delivered. On the reactor's thread only.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Reads and delivers to the end of the stream.</summary>
    public async Task ReadAsync()
    {
        try
        {
            while (await ReadSomeAsync().ConfigureAwait(false))
                await DeliverAsync().ConfigureAwait(false);
            _isRead = true;
            await DeliverAsync().ConfigureAwait(false);
        }
        finally
        {
            _kept.Release();
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Stops waiting for more; data already there is still read.</summary>
    public void StopWaiting() => _waiting.Cancel();

    /// <returns>False at the end.</returns>
    private async Task<bool> ReadSomeAsync()
    {
        Memory<byte> room = _kept.GetMemory(ChunkSize)[..ChunkSize];
        int count;
        try
        {
            count = await _stream.ReadAsync(room, _waiting.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_gone.IsCancellationRequested)
        {
            count = await ReadWithoutWaitingAsync(room[_lastRead..]).ConfigureAwait(false);
            _lastRead += count;
        }
        catch (IOException e)
        {
            _owner.AddError(_name, null, e);
            return false;
        }

        _kept.Advance(count);
        Interlocked.Add(ref _bytes, count);
        return count > 0;
    }

    /// <summary>Reads the data that slow handlers have left in the pipe; whoever still writes to it is not read any more.</summary>
    private async Task<int> ReadWithoutWaitingAsync(Memory<byte> room)
    {
        using var now = new CancellationTokenSource();
        ValueTask<int> reading = _stream.ReadAsync(room, now.Token);
        await now.CancelAsync().ConfigureAwait(false);
        try
        {
            return await reading.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }

    private async Task DeliverAsync()
    {
        do
        {
            var delivered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _owner.Reactor.Post(() => DeliverSome(delivered));
            await delivered.Task.WaitAsync(_gone).ConfigureAwait(false);
            await _owner.MayDeliver.WaitAsync(_gone).ConfigureAwait(false);
        }
        while (_hasMore);
    }

    private void DeliverSome(TaskCompletionSource delivered)
    {
        try
        {
            // It stays so when a handler is interrupted: what is after it comes next.
            _hasMore = true;
            while (_owner.MayDeliver.IsCompleted)
            {
                if (!Form.DeliverNext(_kept))
                {
                    _hasMore = false;
                    if (_isRead)
                        End();
                    break;
                }

                if (_owner.Reactor.Loop.Slice.IsOver)
                    break;
            }
        }
        finally
        {
            delivered.SetResult();
        }
    }

    private void End()
    {
        IsOver = true;
        Form.DeliverRest(_kept);
    }
}
