using System.Text.RegularExpressions;

namespace TwistedPS.Consoles;

/// <summary>
/// A terminal on which the line being typed stays at the bottom while others are printed above it. Ctrl+D on an empty line
/// ends the input; PowerShell handles Ctrl+C.
/// </summary>
internal sealed partial class TerminalConsole : ILineConsole
{
    private const int UsualWidth = 80;
    private const int UsualHeight = 24;

    private readonly string _prompt;
    private readonly ConsoleColors _colors;
    private readonly LineScreen _screen;
    private readonly LineEditor _editor;
    private readonly KeyReader _keys = new(NextKey);
    private readonly Queue<string> _entered = new();
    private string _unfinished = "";
    private bool _hasEnded;

    /// <param name="prompt">What stands before what is typed.</param>
    /// <param name="colors">The colors.</param>
    /// <param name="historyPath">The file of the history; null for none.</param>
    public TerminalConsole(string prompt, ConsoleColors colors, string? historyPath)
    {
        (_prompt, _colors) = (prompt, colors);
        _screen = new LineScreen(Console.Out, Size, colors.End);
        HistoryFile? file = historyPath is null
            ? null
            : new HistoryFile(historyPath, reason => ShowStatus($"The history is not kept: {reason}"));
        _editor = new LineEditor(new LineHistory(file));
        Console.Write(KeyReader.MarkPaste);
    }

    public bool IsAtEnd => _hasEnded && _entered.Count == 0;

    public bool IsInteractive => true;

    public string Unfinished
    {
        set => _unfinished = TerminalText.Of(value);
    }

    public bool TryRead(TimeSpan wait, out string line, CancellationToken cancel)
    {
        if (_entered.TryDequeue(out line!))
            return true;
        Show();

        // A terminal can only be polled for keys, not waited for.
        if (!Console.KeyAvailable)
            cancel.WaitHandle.WaitOne(wait);
        while (_entered.Count == 0 && !_hasEnded && _keys.TryRead(out EditorKey key))
            Handle(key);
        Show();
        return _entered.TryDequeue(out line!);
    }

    public void ShowReply(string line) => _screen.Print($"{_colors.Received}{TerminalText.Of(line)}{_colors.End}");

    public void ShowStatus(string text) => _screen.Print($"{_colors.Status}{TerminalText.Of(text)}{_colors.End}");

    public void Dispose()
    {
        _screen.Erase();
        Console.Write(KeyReader.DoNotMarkPaste);
    }

    private static (int Width, int Height) Size() => (
        Console.WindowWidth is > 0 and var width ? width : UsualWidth,
        Console.WindowHeight is > 0 and var height ? height : UsualHeight);

    private static ConsoleKeyInfo? NextKey(TimeSpan wait) =>
        Console.KeyAvailable || (wait > TimeSpan.Zero && SpinWait.SpinUntil(() => Console.KeyAvailable, wait))
            ? Console.ReadKey(intercept: true)
            : null;

    [GeneratedRegex("pass(word|wd|phrase|code)|secret|token|api-?key", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();

    private void Handle(EditorKey key)
    {
        switch (_editor.Handle(key))
        {
            case EditorAction.Enter:
                Enter();
                break;
            case EditorAction.End:
                _hasEnded = true;
                break;
            case EditorAction.Clear:
                _screen.Clear();
                break;
            case EditorAction.Help:
                foreach (string row in LineEditor.Keys.ReplaceLineEndings("\n").Split('\n'))
                    ShowStatus(row);
                break;
        }
    }

    private void Enter()
    {
        LineView view = View();
        string[] lines = _editor.Enter(isSecret: Secret().IsMatch(_unfinished + view.Text));
        string text = string.Join('\n', lines);
        _screen.Leave(view with { Text = text, Cursor = text.Length });
        foreach (string line in lines)
            _entered.Enqueue(line);
        _unfinished = "";
    }

    private void Show()
    {
        if (!_hasEnded && _entered.Count == 0)
            _screen.Show(View());
    }

    private LineView View()
    {
        (string prompt, string color) = _editor.SearchPrompt is { } search ? (search, _colors.Status)
            : _unfinished.Length > 0 ? (_unfinished, _colors.Received)
            : (_prompt, "");
        return new LineView(prompt, color, _editor.Text, _colors.Sent, _editor.Cursor);
    }
}
