using System.ComponentModel;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Processes;
using TwistedPS.Engine.Services;
using TwistedPS.Engine.Streams;

namespace TwistedPS;

/// <summary>
/// A child process whose output comes as lines or bytes (Twisted's <c>spawnProcess</c>). It ends with its reactor at the latest.
/// Members may be used from any thread.
/// </summary>
public sealed class ReactorProcess : Service, IRelayable
{
    private static int s_lastId;

    private readonly ProcessOptions _options;
    private readonly IProcessHandler _handler;
    private readonly HandlerCall _onExit;
    private readonly ChildProcess _child;
    private readonly CancellationTokenSource _gone = new();
    private readonly Signal _flow = new();
    private ProcessInput? _input;
    private ProcessOutputs? _outputs;
    private bool _isRelayed;
    private TimeSpan _outputDrainTime;
    private DelayedCall? _outputLimit;
    private DelayedCall? _killing;

    internal ReactorProcess(Reactor reactor, ProcessOptions options, IProcessHandler handler)
        : base(reactor, options.Name, Interlocked.Increment(ref s_lastId))
    {
        _options = options;
        _handler = handler;
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

    /// <summary>Whether it runs at a terminal (Twisted's <c>usePTY</c>), not at pipes.</summary>
    public bool HasTerminal => _options.Terminal is not null;

    /// <summary>The exit code; on UNIX 128 plus the signal for one ended by a signal. Null while it runs.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>
    /// The signal that an exit code above 128 stands for; null for any other, and on Windows. A program that itself ends with such a
    /// code, as a shell does for its last command, looks the same.
    /// </summary>
    public ProcessSignal? ExitSignal => OperatingSystem.IsWindows() ? null : ProcessSignal.OfExitCode(ExitCode);

    /// <summary>The time of its end, in local time; null while it runs.</summary>
    public DateTimeOffset? ExitTime { get; private set; }

    /// <summary>The number of lines from its output.</summary>
    public long LinesOut => _outputs?.LinesOut ?? 0;

    /// <summary>The number of lines from its error output.</summary>
    public long LinesError => _outputs?.LinesError ?? 0;

    /// <summary>The number of bytes of its output that were read.</summary>
    public long BytesOut => _outputs?.Output.Bytes ?? 0;

    /// <summary>The number of bytes of its error output that were read.</summary>
    public long BytesError => _outputs?.ErrorOutput.Bytes ?? 0;

    /// <summary>The number of bytes that were written to its input.</summary>
    public long BytesIn => _input?.Bytes ?? 0;

    /// <summary>The number of bytes that wait for it to read its input.</summary>
    public long UnsentBytes => _input?.UnsentBytes ?? 0;

    /// <inheritdoc/>
    public override string Description => $"process {Name} ({FileName}, {ProcessId})";

    internal override bool OwnsWhatItStarts => false;

    internal override IProducer Producer { get; }

    /// <summary>Completes when its output may be delivered: not while a peer does not read what its handlers write.</summary>
    internal Task MayDeliver => _flow.Over;

    /// <summary>
    /// Sends text to its input as a line, or as several if it has line breaks. Does not wait. If it doesn't keep up, the connection or
    /// the other process whose handler sends is not read meanwhile; from elsewhere, no more than 1 MiB may be unread.
    /// </summary>
    /// <exception cref="InvalidOperationException">The input has ended, or too much of it is unread.</exception>
    public void Send(string text) => Input.WriteLines(text, Source);

    /// <summary>Sends text to its input exactly as it is, in the encoding of the process, with nothing added.</summary>
    /// <inheritdoc cref="Send"/>
    public void Write(string? text) => Input.Write(RawOutput.Encode(text, _options.Encoding), Source);

    /// <summary>Sends bytes to its input exactly as they are.</summary>
    /// <inheritdoc cref="Send"/>
    public void Write(byte[]? bytes) => Input.Write(bytes?.ToArray(), Source);

    /// <summary>
    /// Sends anything else, with nothing added: a sequence as the bytes and texts in it, numbers in it as bytes; a single
    /// number, like any other object, as its text.
    /// </summary>
    /// <inheritdoc cref="Send"/>
    public void Write(object? value) => Input.Write(RawOutput.Encode(value, _options.Encoding).ToArray(), Source);

    /// <summary>
    /// Closes its input once everything sent is read (Twisted's <c>closeStdin</c>). At a terminal it is Ctrl+D, which ends what the
    /// program reads at the time; more can be sent.
    /// </summary>
    public void EndInput() => _input?.End();

    /// <summary>Changes the size of its terminal, of which SIGWINCH tells the programs there. Does nothing once it has ended.</summary>
    /// <exception cref="InvalidOperationException">It has no terminal.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is impossible.</exception>
    public void Resize(int columns, int rows) => _child.Resize(TerminalSize.Of(columns, rows));

    /// <summary>Sends it a signal (Twisted's <c>signalProcess</c>), not its descendants. Does nothing once it has ended.</summary>
    /// <exception cref="PlatformNotSupportedException">On Windows, for all but Terminate and Kill, which both kill it.</exception>
    public void Signal(ProcessSignal signal) => Signal(signal, _child.Signal);

    /// <summary>
    /// Sends it and all its descendants a signal; on UNIX systems other than Linux, one that is not Kill reaches only itself. Does
    /// nothing once it has ended.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">On Windows, for all but Terminate and Kill, which both kill them.</exception>
    public void SignalTree(ProcessSignal signal) => Signal(signal, _child.SignalTree);

    /// <summary>Stops it without waiting.</summary>
    public override void Dispose() => _ = StopAsync(_options.DrainTime);

    /// <summary>Starts it. On the reactor's thread only.</summary>
    /// <exception cref="Win32Exception">It can't be started.</exception>
    /// <exception cref="PlatformNotSupportedException">This system has no terminals.</exception>
    internal void Start()
    {
        _child.Start();
        Status = ProcessStatus.Running;
        Reactor.Add(this);
        ReactorLog.Add(LogLevel.Information, $"Started {FileName} as process {ProcessId}");

        _input = new ProcessInput(this, _child.Input, _options);
        _outputs = new ProcessOutputs(this, _child, _options, _handler, _gone.Token);
        if (_options.Input is not null || _options.InputBytes is not null)
            _input.WriteAll(_options);
        _ = Task.Run(FollowAsync);
    }

    /// <summary>Asks it to end, and kills it and its descendants after <paramref name="drainTime"/>.</summary>
    /// <param name="drainTime">The longest time until it is killed.</param>
    /// <param name="signal">The signal; by default Terminate, and at a terminal, whose shells ignore that, Hangup.</param>
    internal Task StopAsync(TimeSpan drainTime, ProcessSignal? signal = null)
    {
        Reactor.Do(() => BeginStop(drainTime, signal ?? (HasTerminal ? ProcessSignal.Hangup : ProcessSignal.Terminate)));
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

    void IRelayable.PrepareRelay()
    {
        if (_isRelayed)
            throw new InvalidOperationException($"The {Description} is relayed already.");
        if (Status != ProcessStatus.Running)
            throw new InvalidOperationException($"The {Description} does not run.");
        _isRelayed = true;
    }

    IRelayEnd IRelayable.BeginRelay(Connection connection)
    {
        ProcessOutput output = _outputs!.Output;
        var relay = new ProcessRelay(this, Input, connection);
        output.Form = relay;
        if (output.IsOver)
            connection.EndSending();
        if (Status == ProcessStatus.Exited)
            connection.Close();
        return relay;
    }

    private ProcessInput Input => _input ?? throw new InvalidOperationException($"The {Description} does not run.");

    /// <summary>
    /// The source of what a handler writes, which can wait. Its own output can't: it may have to be read before its input is.
    /// </summary>
    private IProducer? Source => Reactor.IsCurrent && Reactor.Watch.Current?.Producer is { } source && source != Producer ? source : null;

    private async Task FollowAsync()
    {
        _ = _input!.SendAsync(_gone.Token);
        Task read = _outputs!.ReadAsync();
        int exitCode = await _child.WaitAsync(_gone.Token).ConfigureAwait(false);
        Reactor.Post(() => NoteExit(exitCode));
        await read.ConfigureAwait(false);
        Reactor.Post(Finish);
    }

    private void NoteExit(int exitCode)
    {
        ExitCode = exitCode;
        ExitTime = Reactor.TimeProvider.GetLocalNow();
        _child.Dispose();
        _killing?.Cancel();
        _outputLimit = Reactor.CallLater(_outputDrainTime, _outputs!.StopWaiting);
    }

    private void Finish()
    {
        if (Status == ProcessStatus.Exited)
            return;
        Status = ProcessStatus.Exited;
        _outputLimit!.Cancel();
        _gone.Cancel();
        ReactorLog.Add(LogLevel.Information, $"Exited with code {ExitCode}{(ExitSignal is { } signal ? $", {signal}" : "")}");
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

    private void Signal(ProcessSignal signal, Action<ProcessSignal> send)
    {
        ArgumentNullException.ThrowIfNull(signal);
        if (OperatingSystem.IsWindows() && signal != ProcessSignal.Kill && signal != ProcessSignal.Terminate)
            throw new PlatformNotSupportedException($"Windows has no {signal}.");
        Reactor.Do(() => Try(signal, send));
    }

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
