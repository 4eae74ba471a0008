using System.ComponentModel;
using System.Diagnostics;

namespace TwistedPS.Engine.Processes;

/// <summary>An operating system process, with pipes or a terminal to it. Thread-safe.</summary>
internal sealed class ChildProcess(ProcessOptions options) : IDisposable
{
    private readonly Process _process = new();
    private PseudoTerminal? _terminal;
    private bool _isOver;

    public int Id { get; private set; }

    public Stream Input => _terminal?.Input ?? _process.StandardInput.BaseStream;

    public Stream Output => _terminal?.Output ?? _process.StandardOutput.BaseStream;

    /// <summary>Its error output; at a terminal, what could not even open that.</summary>
    public Stream ErrorOutput => _process.StandardError.BaseStream;

    /// <exception cref="Win32Exception">It can't be started.</exception>
    /// <exception cref="PlatformNotSupportedException">This system has no terminals.</exception>
    public void Start()
    {
        if (options.Terminal is { } size)
            StartAt(PseudoTerminal.Open(size, options.Encoding));
        else
            Start(new ProcessStartInfo(options.FileName, options.Arguments));
        Id = _process.Id;
    }

    /// <summary>Changes the size of its terminal.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public void Resize(TerminalSize size) =>
        (_terminal ?? throw new InvalidOperationException("The process has no terminal.")).Resize(size);

    /// <summary>Waits for it to exit, and returns its exit code.</summary>
    public async Task<int> WaitAsync(CancellationToken cancel)
    {
        await _process.WaitForExitAsync(cancel).ConfigureAwait(false);
        return _process.ExitCode;
    }

    /// <summary>Signals it, unless it has ended. On Windows, kills it.</summary>
    /// <exception cref="Win32Exception">The signal is not permitted.</exception>
    public void Signal(ProcessSignal signal) => IfAlive(() =>
    {
        if (OperatingSystem.IsWindows())
            _process.Kill();
        else
            Signals.Send(Id, signal);
    });

    /// <summary>Signals it and all its descendants, unless it has ended. On Windows, kills them.</summary>
    /// <exception cref="Win32Exception">The signal is not permitted.</exception>
    /// <exception cref="AggregateException">The signal is not permitted for some of them.</exception>
    public void SignalTree(ProcessSignal signal) => IfAlive(() => ProcessTree.Signal(_process, signal));

    /// <summary>Frees its handle. The streams are closed by their readers and their writer.</summary>
    public void Dispose()
    {
        lock (_process)
        {
            _isOver = true;
            _process.Dispose();
        }
    }

    private void StartAt(PseudoTerminal terminal)
    {
        try
        {
            Start(terminal.StartInfoFor(options.FileName, options.Arguments));
        }
        catch
        {
            terminal.Dispose();
            throw;
        }

        _terminal = terminal;
        _process.StandardInput.Dispose();
        _process.StandardOutput.Dispose();
    }

    private void Start(ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.CreateNoWindow = true;
        start.WorkingDirectory = options.WorkingDirectory ?? "";
        foreach ((string name, string? value) in options.Environment)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }

        _process.StartInfo = start;
        _process.Start();
    }

    // Once it is gone, its number may be that of another process.
    private void IfAlive(Action act)
    {
        lock (_process)
        {
            if (!_isOver && !_process.HasExited)
                act();
        }
    }
}
