using System.Text;

namespace TwistedPS.Tests;

/// <summary>The handlers of a process, which record every call and do what a test asks for.</summary>
internal sealed class RecordingProcessHandler : IProcessHandler
{
    private readonly List<string> _events = [];
    private readonly List<byte> _bytes = [];

    public Action<string>? OnOutput { get; init; }

    public Action<byte[]>? OnBytes { get; init; }

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

    /// <summary>All bytes of the output so far.</summary>
    public byte[] Bytes
    {
        get
        {
            lock (_events)
                return [.. _bytes];
        }
    }

    /// <summary>The bytes of the output so far, a character for each.</summary>
    public string Text => Encoding.Latin1.GetString(Bytes);

    void IProcessHandler.Output(ReactorProcess process, object piece)
    {
        if (piece is byte[] bytes)
        {
            Note(bytes);
            OnBytes?.Invoke(bytes);
            return;
        }

        Note(process, $"out: {piece}");
        OnOutput?.Invoke((string)piece);
    }

    void IProcessHandler.Error(ReactorProcess process, object piece) =>
        Note(process, $"error: {(piece is byte[] bytes ? Convert.ToHexString(bytes) : piece)}");

    void IProcessHandler.Exited(ReactorProcess process)
    {
        Note(process, $"exit {process.ExitCode}");
        OnExit?.Invoke(process);
    }

    private void Note(byte[] bytes)
    {
        lock (_events)
            _bytes.AddRange(bytes);
    }

    private void Note(ReactorProcess process, string happened)
    {
        Assert.True(process.Reactor.IsCurrent);
        lock (_events)
            _events.Add(happened);
    }
}
