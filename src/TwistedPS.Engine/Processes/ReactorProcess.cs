using System.ComponentModel;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Processes;
using TwistedPS.Engine.Services;

namespace TwistedPS;

/// <summary>
/// A child process whose output comes as lines (Twisted's <c>spawnProcess</c>). It ends with its reactor at the latest.
/// Members may be used from any thread.
/// </summary>
public sealed class ReactorProcess : Service
{
    private static int s_lastId;

    private readonly ProcessOptions _options;
    private readonly IProcessHandler _handler;
    private readonly HandlerCall _onOutput;
    private readonly HandlerCall _onErrorOutput;
    private readonly HandlerCall _onExit;
    private readonly ChildProcess _child;
    private readonly CancellationTokenSource _gone = new();
    private readonly Signal _flow = new();
    private ProcessInput? _input;
    private ProcessOutput? _output;
    private ProcessOutput? _errorOutput;
    private TimeSpan _outputDrainTime;
    private DelayedCall? _outputLimit;
    private DelayedCall? _killing;
    private long _linesOut;
    private long _linesError;

    internal ReactorProcess(Reactor reactor, ProcessOptions options, IProcessHandler handler)
        : base(reactor, options.Name, Interlocked.Increment(ref s_lastId))
    {
        _options = options;
        _handler = handler;
        _onOutput = new HandlerCall(this, "OnOutput");
        _onErrorOutput = new HandlerCall(this, "OnErrorOutput");
        _onExit = new HandlerCall(this, "OnExit");
        _outputDrainTime = options.OutputDrainTime;
        _child = new ChildProcess(options);
        Producer = new Pauses(_flow.Reset, _flow.Set);
    }

    /// <summary>The program.</summary>
    public string FileName => _options.FileName;

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Arguments => _options.Arguments;

    /// <summary>The process id; 0 before its start.</summary>
    public int ProcessId => _child.Id;

    /// <summary>The state of the process.</summary>
    public ProcessStatus Status { get; private set; }

    /// <summary>The exit code; on UNIX 128 plus the signal for one ended by a signal. Null while it runs.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>The time of its end, in local time; null while it runs.</summary>
    public DateTimeOffset? ExitTime { get; private set; }

    /// <summary>The number of lines from its output.</summary>
    public long LinesOut => Volatile.Read(ref _linesOut);

    /// <summary>The number of lines from its error output.</summary>
    public long LinesError => Volatile.Read(ref _linesError);

    /// <summary>The number of bytes that wait for it to read its input.</summary>
    public long UnsentBytes => _input?.UnsentBytes ?? 0;

    /// <inheritdoc/>
    public override string Description => $"process {Name} ({FileName}, {ProcessId})";

    internal override bool OwnsWhatItStarts => false;

    internal override IProducer Producer { get; }

    /// <summary>Completes when its output may be delivered: not while a peer does not read what its handlers write.</summary>
    internal Task MayDeliver => _flow.Over;

    /// <summary>Sends text to its input as a line, or as several if it has line breaks. Does not wait.</summary>
    /// <exception cref="InvalidOperationException">The input has ended, or has more than 1 MiB unread.</exception>
    public void Send(string text)
    {
        if (UnsentBytes > _options.InputLimit)
            throw new InvalidOperationException($"The {Description} does not read its input: {UnsentBytes} bytes are pending.");
        if (_input?.Send(text) != true)
            throw new InvalidOperationException($"The input of {Description} has ended.");
    }

    /// <summary>Closes its input once everything sent is read (Twisted's <c>closeStdin</c>).</summary>
    public void EndInput() => _input?.End();

    /// <summary>Sends it a signal (Twisted's <c>signalProcess</c>), not its descendants. Does nothing once it has ended.</summary>
    /// <exception cref="PlatformNotSupportedException">On Windows, for all but Terminate and Kill, which both kill it.</exception>
    public void Signal(ProcessSignal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        if (OperatingSystem.IsWindows() && signal != ProcessSignal.Kill && signal != ProcessSignal.Terminate)
            throw new PlatformNotSupportedException($"Windows has no {signal}.");
        Reactor.Do(() => Try(signal, _child.Signal));
    }

    /// <summary>Stops it without waiting.</summary>
    public override void Dispose() => _ = StopAsync(_options.DrainTime);

    /// <summary>Starts it. On the reactor's thread only.</summary>
    /// <exception cref="Win32Exception">It can't be started.</exception>
    internal void Start()
    {
        _child.Start();
        Status = ProcessStatus.Running;
        Reactor.Add(this);
        ReactorLog.Add(LogLevel.Information, $"Started {FileName} as process {ProcessId}");

        var writer = new LineWriter(LineDelimiter.Parse(Environment.NewLine), _options.Encoding);
        _input = new ProcessInput(this, _child.Input, writer);
        _output = new ProcessOutput(this, "Output", _child.Output, _options, LineOfOutput, _gone.Token);
        _errorOutput = new ProcessOutput(this, "ErrorOutput", _child.ErrorOutput, _options, LineOfErrorOutput, _gone.Token);
        SendInitialInput();
        _ = Task.Run(FollowAsync);
    }

    /// <summary>Asks it to end, and kills it and its descendants after <paramref name="drainTime"/>.</summary>
    internal Task StopAsync(TimeSpan drainTime, ProcessSignal? signal = null)
    {
        Reactor.Do(() => BeginStop(drainTime, signal ?? ProcessSignal.Terminate));
        return Completion;
    }

    internal override Task EndAsync(TimeSpan drainTime) => StopAsync(drainTime);

    internal override void Abandon()
    {
        if (Status == ProcessStatus.Running)
            Try(ProcessSignal.Kill, _child.SignalTree);
        _gone.Cancel();
        Status = ProcessStatus.Exited;
        Reactor.Remove(this);
        EndLife();
    }

    private void SendInitialInput()
    {
        if (_options.Input is null)
            return;
        foreach (string line in _options.Input)
            _input!.Send(line);
        EndInput();
    }

    private async Task FollowAsync()
    {
        _ = _input!.WriteAsync(_gone.Token);
        Task read = Task.WhenAll(_output!.ReadAsync(), _errorOutput!.ReadAsync());
        int exitCode = await _child.WaitAsync(_gone.Token).ConfigureAwait(false);
        Reactor.Post(() => NoteExit(exitCode));
        await read.ConfigureAwait(false);
        Reactor.Post(Finish);
    }

    private void LineOfOutput(string line)
    {
        Volatile.Write(ref _linesOut, _linesOut + 1);
        Call(_onOutput, null, (Process: this, line), static it => it.Process._handler.Output(it.Process, it.line));
    }

    private void LineOfErrorOutput(string line)
    {
        Volatile.Write(ref _linesError, _linesError + 1);
        Call(_onErrorOutput, null, (Process: this, line), static it => it.Process._handler.Error(it.Process, it.line));
    }

    private void NoteExit(int exitCode)
    {
        ExitCode = exitCode;
        ExitTime = Reactor.TimeProvider.GetLocalNow();
        _child.Dispose();
        _killing?.Cancel();
        _outputLimit = Reactor.CallLater(_outputDrainTime, StopWaitingForOutput);
    }

    private void StopWaitingForOutput()
    {
        _output!.StopWaiting();
        _errorOutput!.StopWaiting();
    }

    private void Finish()
    {
        if (Status == ProcessStatus.Exited)
            return;
        Status = ProcessStatus.Exited;
        _outputLimit!.Cancel();
        _gone.Cancel();
        ReactorLog.Add(LogLevel.Information, $"Exited with code {ExitCode}");
        try
        {
            Call(_onExit, null, this, static process => process._handler.Exited(process));
        }
        finally
        {
            Reactor.Remove(this);
            ReactorLog.Written.ContinueWith(_ => EndLife(), TaskScheduler.Default);
        }
    }

    private void BeginStop(TimeSpan drainTime, ProcessSignal signal)
    {
        if (Status != ProcessStatus.Running || ExitCode is not null)
            return;
        _outputDrainTime = drainTime < _outputDrainTime ? drainTime : _outputDrainTime;
        _killing?.Cancel();
        if (drainTime > TimeSpan.Zero)
        {
            EndTree(signal);
            _killing = Reactor.CallLater(drainTime, () => EndTree(ProcessSignal.Kill));
        }
        else
        {
            EndTree(ProcessSignal.Kill);
        }
    }

    /// <summary>Signals its tree on the thread pool, since that reads the kernel's data on each process.</summary>
    private void EndTree(ProcessSignal signal) => Task.Run(() => Try(signal, _child.SignalTree));

    private void Try(ProcessSignal signal, Action<ProcessSignal> send)
    {
        try
        {
            send(signal);
        }
        catch (Exception e) when (e is Win32Exception or AggregateException)
        {
            AddError($"{signal}", null, e);
        }
    }
}
