using System.Buffers;
using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Framing;

namespace TwistedPS.Engine.Processes;

/// <summary>
/// A reader of one output of a process: reads on the thread pool, cuts lines, and has the reactor deliver them. It reads on
/// only after delivery, so that the process waits for a slow handler.
/// </summary>
internal sealed class ProcessOutput
{
    /// <summary>The capacity of a Linux pipe: what is left in it when the process has ended is one read.</summary>
    private const int ChunkSize = 65536;

    private readonly ReactorProcess _owner;
    private readonly string _name;
    private readonly Stream _stream;
    private readonly ProcessOptions _options;
    private readonly Action<string> _deliver;
    private readonly CancellationToken _gone;
    private readonly CancellationTokenSource _waiting;
    private readonly PooledBuffer _kept = new();
    private readonly Queue<string> _lines = new();
    private LineFramer _framer;
    private bool _isSkipping;
    private bool _isLastRead;

    /// <param name="owner">The process.</param>
    /// <param name="name">The name of the output, for errors.</param>
    /// <param name="stream">The stream to read.</param>
    /// <param name="options">The options that shape its lines.</param>
    /// <param name="deliver">Called with each line, on the reactor's thread.</param>
    /// <param name="gone">Ends it without further delivery.</param>
    public ProcessOutput(
        ReactorProcess owner,
        string name,
        Stream stream,
        ProcessOptions options,
        Action<string> deliver,
        CancellationToken gone)
    {
        (_owner, _name, _stream, _options, _deliver, _gone) = (owner, name, stream, options, deliver, gone);
        _waiting = CancellationTokenSource.CreateLinkedTokenSource(gone);
        _framer = options.CreateFramer();
    }

    /// <summary>Reads and delivers to the end of the stream.</summary>
    public async Task ReadAsync()
    {
        try
        {
            while (!_isLastRead && await ReadSomeAsync().ConfigureAwait(false))
            {
                CutLines();
                await DeliverAsync().ConfigureAwait(false);
            }

            if (_kept.Length > 0)
                _lines.Enqueue(_framer.ReadCutOff(new ReadOnlySequence<byte>(_kept.Memory)));
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
            _isLastRead = true;
            count = await ReadWithoutWaitingAsync(room).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            _owner.AddError(_name, null, e);
            return false;
        }

        _kept.Advance(count);
        return count > 0;
    }

    /// <summary>Reads the data that slow handlers have left in the pipe.</summary>
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

    private void CutLines()
    {
        if (_isSkipping)
            SkipLine();
        while (TryCut(out string line))
            _lines.Enqueue(line);
    }

    private bool TryCut(out string line)
    {
        var rest = new ReadOnlySequence<byte>(_kept.Memory);
        try
        {
            if (!_framer.TryRead(rest, out SequencePosition end, out line))
                return false;
            _kept.Consume((int)rest.Slice(0, end).Length);
            return true;
        }
        catch (MessageTooLongException e)
        {
            _owner.AddError(_name, null, e);
            _framer = _options.CreateFramer();
            SkipLine();
            return TryCut(out line);
        }
    }

    private void SkipLine()
    {
        int end = _kept.Span.IndexOf((byte)'\n');
        _isSkipping = end < 0;
        _kept.Consume(_isSkipping ? _kept.Length : end + 1);
    }

    private async Task DeliverAsync()
    {
        while (_lines.Count > 0)
        {
            var delivered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _owner.Reactor.Post(() => DeliverSome(delivered));
            await delivered.Task.WaitAsync(_gone).ConfigureAwait(false);
            await _owner.MayDeliver.WaitAsync(_gone).ConfigureAwait(false);
        }
    }

    private void DeliverSome(TaskCompletionSource delivered)
    {
        try
        {
            while (_lines.TryDequeue(out string? line))
            {
                _deliver(line);
                if (_owner.Reactor.Loop.Slice.IsOver)
                    break;
            }
        }
        finally
        {
            // Also when a handler is interrupted: the lines after it come next.
            delivered.SetResult();
        }
    }
}
