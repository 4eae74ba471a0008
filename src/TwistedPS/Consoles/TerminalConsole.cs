using System.Text;
using TwistedPS.Engine.Services;

namespace TwistedPS.Consoles;

/// <summary>
/// A terminal on which the line being typed stays at the bottom while others are printed above it. Ctrl+D on an empty line
/// ends the input; PowerShell handles Ctrl+C.
/// </summary>
internal sealed class TerminalConsole : ILineConsole
{
    private readonly string _prompt;
    private readonly StringBuilder _typed = new();
    private readonly List<string> _history = [];
    private int _historyAt;
    private int _cursor;

    public TerminalConsole(string prompt)
    {
        _prompt = prompt;
        Draw();
    }

    public bool IsAtEnd { get; private set; }

    public bool TryRead(TimeSpan wait, out string line, CancellationToken cancel)
    {
        line = "";

        // A terminal can only be polled for keys, not waited for.
        if (!Console.KeyAvailable)
            cancel.WaitHandle.WaitOne(wait);
        bool entered = false;
        while (!entered && !IsAtEnd && Console.KeyAvailable)
            entered = Handle(Console.ReadKey(intercept: true));
        if (!entered)
            return false;

        line = _typed.ToString();
        Remember(line);
        _typed.Clear();
        _cursor = 0;
        Console.WriteLine();
        Draw();
        return true;
    }

    public void Print(string line)
    {
        Console.Write("\r\x1b[K");
        Console.WriteLine(VisibleText.Of(line));
        Draw();
    }

    public void Dispose() => Console.Write("\r\x1b[K");

    /// <returns>Whether the line is entered.</returns>
    private bool Handle(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                return true;
            case ConsoleKey.D when key.Modifiers == ConsoleModifiers.Control:
                IsAtEnd = _typed.Length == 0;
                return false;
            case ConsoleKey.Backspace when _cursor > 0:
                _typed.Remove(--_cursor, 1);
                break;
            case ConsoleKey.Delete when _cursor < _typed.Length:
                _typed.Remove(_cursor, 1);
                break;
            case ConsoleKey.LeftArrow:
                _cursor = Math.Max(0, _cursor - 1);
                break;
            case ConsoleKey.RightArrow:
                _cursor = Math.Min(_typed.Length, _cursor + 1);
                break;
            case ConsoleKey.Home:
                _cursor = 0;
                break;
            case ConsoleKey.End:
                _cursor = _typed.Length;
                break;
            case ConsoleKey.UpArrow:
                Recall(_historyAt - 1);
                break;
            case ConsoleKey.DownArrow:
                Recall(_historyAt + 1);
                break;
            default:
                if (!char.IsControl(key.KeyChar))
                    _typed.Insert(_cursor++, key.KeyChar);
                break;
        }

        Draw();
        return false;
    }

    private void Recall(int at)
    {
        if (at < 0 || at > _history.Count)
            return;
        _historyAt = at;
        _typed.Clear().Append(at < _history.Count ? _history[at] : "");
        _cursor = _typed.Length;
    }

    private void Remember(string line)
    {
        if (line.Length > 0)
            _history.Add(line);
        _historyAt = _history.Count;
    }

    private void Draw()
    {
        string back = _cursor < _typed.Length ? $"\x1b[{_typed.Length - _cursor}D" : "";
        Console.Write($"\r\x1b[K{_prompt}{_typed}{back}");
    }
}
