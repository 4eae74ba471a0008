namespace TwistedPS.Tests;

/// <summary>A reactor on its own thread, and processes on it.</summary>
internal sealed class ProcessRig(TimeProvider? time = null) : IDisposable
{
    private readonly RunningReactor _running = new(PollerKind.Auto, time);

    public Reactor Reactor => _running.Reactor;

    public RecordingProcessHandler Handler { get; init; } = new();

    /// <summary>Starts a shell script.</summary>
    public ReactorProcess Start(string script, ProcessOptions? options = null) => Start((options ?? Shell) with
    {
        Arguments = ["-c", script],
    });

    public static ProcessOptions Shell { get; } = new() { FileName = "sh" };

    public ReactorProcess Start(ProcessOptions options)
    {
        var process = new ReactorProcess(Reactor, options, Handler);
        _running.Invoke(process.Start);
        return process;
    }

    /// <summary>Runs a script to its end, and returns the recorded calls of its handlers.</summary>
    public string[] Run(string script, ProcessOptions? options = null)
    {
        UntilExited(Start(script, options));
        return Handler.Events;
    }

    public void Do(Action work) => _running.Invoke(work);

    public void Until(Func<bool> condition) => _running.Until(condition);

    public void Until(string happened) => Until(() => Handler.Events.Contains(happened));

    public static void UntilExited(ReactorProcess process) => Assert.True(process.Completion.Wait(Waiting.Limit));

    public static bool IsAlive(int process) => Directory.Exists($"/proc/{process}");

    /// <summary>Whether a process has got a STOP: before that, a CONT would be lost.</summary>
    public static bool IsStopped(int process) => File.ReadAllText($"/proc/{process}/stat").Contains(") T ", StringComparison.Ordinal);

    public void Dispose() => _running.Dispose();
}
