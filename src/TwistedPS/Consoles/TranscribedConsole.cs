namespace TwistedPS.Consoles;

/// <summary>A console with a transcript.</summary>
/// <param name="console">The console.</param>
/// <param name="transcript">The transcript.</param>
internal sealed class TranscribedConsole(ILineConsole console, Transcript transcript) : ILineConsole
{
    private string _unfinished = "";

    public bool IsAtEnd => console.IsAtEnd;

    public bool IsInteractive => console.IsInteractive;

    public string Unfinished
    {
        set => console.Unfinished = _unfinished = value;
    }

    public bool TryRead(TimeSpan wait, out string line, CancellationToken cancel)
    {
        if (transcript.DequeueFailure() is { } failure)
            console.ShowStatus($"The transcript can't be written for now: {failure}");
        if (!console.TryRead(wait, out line, cancel))
            return false;
        if (_unfinished.Length > 0)
            transcript.Write(Transcript.Received, _unfinished);
        _unfinished = "";
        transcript.Write(Transcript.Sent, line);
        return true;
    }

    public void ShowReply(string line)
    {
        transcript.Write(Transcript.Received, line);
        console.ShowReply(line);
    }

    public void ShowStatus(string text)
    {
        transcript.Write(Transcript.Status, text);
        console.ShowStatus(text);
    }

    public void Dispose()
    {
        console.Dispose();
        transcript.Dispose();
    }
}
