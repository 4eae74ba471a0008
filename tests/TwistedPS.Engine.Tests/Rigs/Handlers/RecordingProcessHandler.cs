namespace TwistedPS.Tests;

/// <summary>The handlers of a process, which record every call and do what a test asks for.</summary>
internal sealed class RecordingProcessHandler : IProcessHandler
{
    private readonly List<string> _events = [];

    public Action<string>? OnOutput { get; init; }

    public Action<ReactorProcess>? OnExit { get; init; }

    /// <summary>The recorded calls, such as <c>out: text</c>, <c>error: text</c>, <c>exit 0</c>.</summary>
    public string[] Events
    {
        get
        {
            lock (_events)
                return [.. _events];
        }
    }

    public string[] Output => Events
        .Where(it => it.StartsWith("out: ", StringComparison.Ordinal))
        .Select(it => it["out: ".Length..])
        .ToArray();

    void IProcessHandler.Output(ReactorProcess process, string line)
    {
        Note(process, $"out: {line}");
        OnOutput?.Invoke(line);
    }

    void IProcessHandler.Error(ReactorProcess process, string line) => Note(process, $"error: {line}");

    void IProcessHandler.Exited(ReactorProcess process)
    {
        Note(process, $"exit {process.ExitCode}");
        OnExit?.Invoke(process);
    }

    private void Note(ReactorProcess process, string happened)
    {
        Assert.True(process.Reactor.IsCurrent);
        lock (_events)
            _events.Add(happened);
    }
}
