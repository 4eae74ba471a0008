using System.Collections.Concurrent;
using System.Management.Automation.Host;

namespace TwistedPS.Consoles;

/// <summary>A console whose input or output is a file or a pipe, or a terminal that knows no escapes. It gets lines as they are.</summary>
internal sealed class RedirectedConsole : ILineConsole
{
    private readonly PSHost _host;
    private readonly BlockingCollection<string> _lines = new(boundedCapacity: 1000);

    public RedirectedConsole(PSHost host)
    {
        _host = host;

        // Reading blocks and can't be cancelled, so it has a thread of its own, which is never joined.
        new Thread(ReadAll) { IsBackground = true, Name = "TwistedPS console" }.Start();
    }

    public bool IsAtEnd => _lines.IsCompleted;

    public bool IsInteractive => false;

    public string Unfinished
    {
        set { }
    }

    public bool TryRead(TimeSpan wait, out string line, CancellationToken cancel) => _lines.TryTake(out line!, wait);

    public void ShowReply(string line) => _host.UI.WriteLine(Console.IsOutputRedirected ? line : TerminalText.Of(line));

    public void ShowStatus(string text) => _host.UI.WriteLine(text);

    public void Dispose() => _lines.CompleteAdding();

    private void ReadAll()
    {
        try
        {
            while (Console.In.ReadLine() is { } line)
                _lines.Add(line);
        }
        catch (InvalidOperationException)
        {
            // The console was left before the end of the input; the rest is discarded.
        }

        _lines.CompleteAdding();
    }
}
