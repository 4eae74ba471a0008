namespace TwistedPS.Consoles;

/// <summary>
/// A search of the history for a text, from the newest line to older ones. It is over at the first key that is not its own,
/// with the line found; Ctrl+G gives it up, and what was typed before is there again.
/// </summary>
/// <param name="history">The history.</param>
/// <param name="typed">What was typed before.</param>
/// <param name="cursor">The cursor in it.</param>
internal sealed class HistorySearch(LineHistory history, string typed, int cursor)
{
    private readonly (string Text, int Cursor) _typed = (typed, cursor);
    private string _term = "";
    private int _at = history.Count;
    private bool _hasFailed;

    /// <summary>The line found; what was typed before as long as there is none.</summary>
    public string Text { get; private set; } = typed;

    /// <summary>Where in it the text was found.</summary>
    public int Cursor { get; private set; } = cursor;

    public bool IsGivenUp { get; private set; }

    /// <summary>Handles a key.</summary>
    /// <returns>False if the key is none of a search.</returns>
    public bool TryHandle(EditorKey key)
    {
        bool isControl = key.Modifiers == ConsoleModifiers.Control;
        if (key.Key == ConsoleKey.Enter || key.IsPaste)
            return false;
        if (isControl && key.Key == ConsoleKey.R)
            Find(_at - 1, step: -1, other: Text);
        else if (isControl && key.Key == ConsoleKey.S)
            Find(_at + 1, step: 1, other: Text);
        else if (isControl && key.Key == ConsoleKey.G)
            GiveUp();
        else if (key.Key == ConsoleKey.Backspace)
            Search(_term[..Characters.Previous(_term, _term.Length)], from: history.Count - 1);
        else if (key.IsCharacter)
            Search(_term + key.Text, from: Math.Min(_at, history.Count - 1));
        else
            return false;
        return true;
    }

    /// <summary>Returns what stands before the line.</summary>
    public override string ToString() => $"{(_hasFailed ? "failed-" : "")}bck-i-search '{_term}': ";

    private void GiveUp()
    {
        IsGivenUp = true;
        (Text, Cursor) = _typed;
    }

    private void Search(string term, int from)
    {
        _term = term;
        Find(from, step: -1);
    }

    /// <param name="from">The index of the first line to look at.</param>
    /// <param name="step">The way to go from there.</param>
    /// <param name="other">A line that is not to be found again.</param>
    private void Find(int from, int step, string? other = null)
    {
        _hasFailed = false;
        if (_term.Length == 0)
            return;
        for (int at = from; at >= 0 && at < history.Count; at += step)
        {
            int found = history[at].IndexOf(_term, StringComparison.OrdinalIgnoreCase);
            if (found < 0 || history[at] == other)
                continue;
            (_at, Text, Cursor) = (at, history[at], found);
            return;
        }

        _hasFailed = true;
    }
}
