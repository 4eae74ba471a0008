using System.Text;

namespace TwistedPS.Consoles;

/// <summary>A text, the cursor in it, and what was killed last. The cursor moves by characters as people see them.</summary>
internal sealed class EditedLine
{
    private string _killed = "";
    private bool _kills;

    public string Text { get; private set; } = "";

    /// <summary>The index of the character at the cursor.</summary>
    public int Cursor { get; private set; }

    public void Set(string text, int cursor)
    {
        (Text, Cursor) = (text, cursor);
        _kills = false;
    }

    public void Set(string text) => Set(text, text.Length);

    public void Insert(string text) => Set(Text.Insert(Cursor, text), Cursor + text.Length);

    public void MoveTo(int cursor) => Set(Text, cursor);

    public void MoveLeft() => MoveTo(Characters.Previous(Text, Cursor));

    public void MoveRight() => MoveTo(Characters.Next(Text, Cursor));

    public void MoveToWordBefore() => MoveTo(WordBefore());

    public void MoveToEndOfWord() => MoveTo(EndOfWord());

    public void DeleteLeft()
    {
        int from = Characters.Previous(Text, Cursor);
        Set(Text.Remove(from, Cursor - from), from);
    }

    public void DeleteRight() => Set(Text.Remove(Cursor, Characters.Next(Text, Cursor) - Cursor), Cursor);

    public void KillToStart() => Kill(0, Cursor);

    public void KillToEnd() => Kill(Cursor, Text.Length);

    public void KillWordBefore() => Kill(WordBefore(), Cursor);

    public void KillToEndOfWord() => Kill(Cursor, EndOfWord());

    /// <summary>Kills what is before the cursor, back to a blank.</summary>
    public void KillToBlank() => Kill(Back(Back(Cursor, IsBlank), at => !IsBlank(at)), Cursor);

    /// <summary>Inserts what was killed last.</summary>
    public void Yank() => Insert(_killed);

    // What is killed in a row is yanked as one.
    private void Kill(int from, int to)
    {
        string killed = Text[from..to];
        if (!_kills)
            _killed = killed;
        else
            _killed = from < Cursor ? killed + _killed : _killed + killed;
        Set(Text.Remove(from, to - from), from);
        _kills = true;
    }

    private int WordBefore() => Back(Back(Cursor, at => !IsOfWord(at)), IsOfWord);

    private int EndOfWord() => Forth(Forth(Cursor, at => !IsOfWord(at)), IsOfWord);

    private int Back(int from, Func<int, bool> isPassed)
    {
        int at = from;
        while (at > 0 && Characters.Previous(Text, at) is var previous && isPassed(previous))
            at = previous;
        return at;
    }

    private int Forth(int from, Func<int, bool> isPassed)
    {
        int at = from;
        while (at < Text.Length && isPassed(at))
            at = Characters.Next(Text, at);
        return at;
    }

    private bool IsOfWord(int at) => Rune.TryGetRuneAt(Text, at, out Rune rune) && Rune.IsLetterOrDigit(rune);

    private bool IsBlank(int at) => char.IsWhiteSpace(Text[at]);
}
