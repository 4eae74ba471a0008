using System.ComponentModel;
using System.Diagnostics;

namespace TwistedPS.Engine.Processes;

/// <summary>An operating system process, with pipes to it. Thread-safe.</summary>
internal sealed class ChildProcess(ProcessOptions options) : IDisposable
{
    private readonly Process _process = new() { StartInfo = CreateStartInfo(options) };
    private bool _isOver;

    public int Id { get; private set; }

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream ErrorOutput => _process.StandardError.BaseStream;

    /// <exception cref="Win32Exception">It can't be started.</exception>
    public void Start()
    {
        _process.Start();
        Id = _process.Id;
    }

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

    private static ProcessStartInfo CreateStartInfo(ProcessOptions options)
    {
        var start = new ProcessStartInfo(options.FileName, options.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
            WorkingDirectory = options.WorkingDirectory ?? "",
        };
        foreach ((string name, string? value) in options.Environment)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }

        return start;
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
