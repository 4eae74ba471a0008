namespace TwistedPS.Consoles;

/// <summary>An editor of a line with the keys that PSReadLine has in its Emacs mode: keys in, text and cursor out.</summary>
/// <param name="history">The lines typed so far.</param>
internal sealed class LineEditor(LineHistory history)
{
    /// <summary>The keys, for people.</summary>
    public const string Keys = """
        Enter     send the line        Left, Right, Ctrl+B, Ctrl+F  move by a character
        Up, Down  lines typed before   Alt+B, Alt+F                 move by a word
        Ctrl+R    search them          Home, End, Ctrl+A, Ctrl+E    move to an end
        Ctrl+L    clear the screen     Backspace, Delete, Ctrl+D    delete a character
        Ctrl+D    end, if it is empty  Ctrl+W, Alt+D                kill a word
        Ctrl+C    leave at once        Ctrl+U, Ctrl+K, Ctrl+Y       kill, kill, yank
        """;

    private readonly EditedLine _line = new();
    private HistorySearch? _search;

    public string Text => _line.Text;

    public int Cursor => _line.Cursor;

    /// <summary>What stands before the line while the history is searched; null otherwise.</summary>
    public string? SearchPrompt => _search?.ToString();

    /// <summary>Handles a key.</summary>
    public EditorAction Handle(EditorKey key)
    {
        if (_search is not null && !EndsSearch(key))
            return EditorAction.None;
        if (key.IsPaste)
            _line.Insert(key.Text);
        else if (key.Key == ConsoleKey.Enter)
            return EditorAction.Enter;
        else
            return HandleKey(key);
        return EditorAction.None;
    }

    /// <summary>Enters what was typed, and begins anew.</summary>
    /// <param name="isSecret">Whether it is kept out of the file of the history.</param>
    /// <returns>The lines: several if such were pasted.</returns>
    public string[] Enter(bool isSecret)
    {
        // The last line of a text that is pasted may have an end or not.
        string text = Text.EndsWith('\n') ? Text[..^1] : Text;
        string[] lines = text.Split('\n');
        foreach (string line in lines)
            history.Add(line, isSecret);
        _line.Set("");
        return lines;
    }

    private EditorAction HandleKey(EditorKey key)
    {
        switch (key.Modifiers & ~ConsoleModifiers.Shift)
        {
            case ConsoleModifiers.Control when key.Key == ConsoleKey.L:
                return EditorAction.Clear;
            case ConsoleModifiers.Control when key.Key == ConsoleKey.D && Text.Length == 0:
                return EditorAction.End;
            case 0 when key.Key == ConsoleKey.F1:
                return EditorAction.Help;
            case ConsoleModifiers.Control when TryControl(key.Key):
            case ConsoleModifiers.Alt when TryAlt(key.Key):
            case var _ when TryAny(key.Key):
                return EditorAction.None;
        }

        if (key.IsCharacter)
            _line.Insert(key.Text);
        return EditorAction.None;
    }

    private bool TryControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A: _line.MoveTo(0); break;
            case ConsoleKey.E: _line.MoveTo(Text.Length); break;
            case ConsoleKey.B: _line.MoveLeft(); break;
            case ConsoleKey.F: _line.MoveRight(); break;
            case ConsoleKey.D: _line.DeleteRight(); break;
            case ConsoleKey.H: _line.DeleteLeft(); break;
            case ConsoleKey.U: _line.KillToStart(); break;
            case ConsoleKey.K: _line.KillToEnd(); break;
            case ConsoleKey.W: _line.KillToBlank(); break;
            case ConsoleKey.Y: _line.Yank(); break;
            case ConsoleKey.P: Recall(history.Older(Text)); break;
            case ConsoleKey.N: Recall(history.Newer()); break;
            case ConsoleKey.R: _search = new HistorySearch(history, Text, Cursor); break;
            case ConsoleKey.LeftArrow: _line.MoveToWordBefore(); break;
            case ConsoleKey.RightArrow: _line.MoveToEndOfWord(); break;
            default: return false;
        }

        return true;
    }

    private bool TryAlt(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.B or ConsoleKey.LeftArrow: _line.MoveToWordBefore(); break;
            case ConsoleKey.F or ConsoleKey.RightArrow: _line.MoveToEndOfWord(); break;
            case ConsoleKey.D: _line.KillToEndOfWord(); break;
            case ConsoleKey.Backspace: _line.KillWordBefore(); break;
            default: return false;
        }

        return true;
    }

    private bool TryAny(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.Backspace: _line.DeleteLeft(); break;
            case ConsoleKey.Delete: _line.DeleteRight(); break;
            case ConsoleKey.LeftArrow: _line.MoveLeft(); break;
            case ConsoleKey.RightArrow: _line.MoveRight(); break;
            case ConsoleKey.Home: _line.MoveTo(0); break;
            case ConsoleKey.End: _line.MoveTo(Text.Length); break;
            case ConsoleKey.UpArrow: Recall(history.Older(Text)); break;
            case ConsoleKey.DownArrow: Recall(history.Newer()); break;
            default: return false;
        }

        return true;
    }

    private void Recall(string? line)
    {
        if (line is not null)
            _line.Set(line);
    }

    /// <returns>Whether the key ended the search, and is to be handled as any other.</returns>
    private bool EndsSearch(EditorKey key)
    {
        HistorySearch search = _search!;
        bool isOver = !search.TryHandle(key);
        if (search.IsGivenUp || isOver)
            _search = null;
        _line.Set(search.Text, search.Cursor);
        return isOver && key.Key != ConsoleKey.Escape;
    }
}
