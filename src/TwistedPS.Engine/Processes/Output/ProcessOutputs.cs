using TwistedPS.Engine.Services;

namespace TwistedPS.Engine.Processes;

/// <summary>Both outputs of a process, and the calls of its handlers for them.</summary>
internal sealed class ProcessOutputs
{
    private readonly ReactorProcess _owner;
    private readonly IProcessHandler _handler;
    private readonly HandlerCall _onOutput;
    private readonly HandlerCall _onErrorOutput;
    private long _linesOut;
    private long _linesError;

    /// <param name="owner">The process.</param>
    /// <param name="child">The process of the system.</param>
    /// <param name="options">The options.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="gone">Ends them without further delivery.</param>
    public ProcessOutputs(ReactorProcess owner, ChildProcess child, ProcessOptions options, IProcessHandler handler, CancellationToken gone)
    {
        (_owner, _handler) = (owner, handler);
        _onOutput = new HandlerCall(owner, "OnOutput");
        _onErrorOutput = new HandlerCall(owner, "OnErrorOutput");
        ProcessOutput Create(string name, Stream stream, bool isBytes, Action<object> deliver) => new(owner, name, stream, gone)
        {
            Form = isBytes ? new OutputBytes(deliver) : new OutputLines(options, deliver, error => owner.AddError(name, null, error)),
        };
        Output = Create("Output", child.Output, options.OutputIsBytes, Deliver);
        ErrorOutput = Create("ErrorOutput", child.ErrorOutput, options.ErrorOutputIsBytes, DeliverError);
    }

    public ProcessOutput Output { get; }

    public ProcessOutput ErrorOutput { get; }

    public long LinesOut => Volatile.Read(ref _linesOut);

    public long LinesError => Volatile.Read(ref _linesError);

    /// <summary>Reads and delivers both to their ends.</summary>
    public Task ReadAsync() => Task.WhenAll(Output.ReadAsync(), ErrorOutput.ReadAsync());

    /// <inheritdoc cref="ProcessOutput.StopWaiting"/>
    public void StopWaiting()
    {
        Output.StopWaiting();
        ErrorOutput.StopWaiting();
    }

    private void Deliver(object piece)
    {
        if (piece is string)
            Volatile.Write(ref _linesOut, _linesOut + 1);
        _owner.Call(_onOutput, null, (It: this, piece), static call => call.It._handler.Output(call.It._owner, call.piece));
    }

    private void DeliverError(object piece)
    {
        if (piece is string)
            Volatile.Write(ref _linesError, _linesError + 1);
        _owner.Call(_onErrorOutput, null, (It: this, piece), static call => call.It._handler.Error(call.It._owner, call.piece));
    }
}
