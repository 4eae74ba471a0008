namespace TwistedPS.Consoles;

/// <summary>The lines typed so far, the oldest first, and the place among them that the keys Up and Down have reached.</summary>
/// <param name="file">The file that keeps them beyond the session; null for none.</param>
internal sealed class LineHistory(HistoryFile? file)
{
    /// <summary>The most lines that are kept, as many as PSReadLine keeps.</summary>
    public const int Capacity = 4096;

    private readonly List<string> _lines = [.. file?.Read() ?? []];
    private string _typed = "";
    private int? _at;

    public int Count => _lines.Count;

    public string this[int at] => _lines[at];

    /// <summary>Adds a line, unless it is blank or the same as the one before.</summary>
    /// <param name="line">The line.</param>
    /// <param name="isSecret">Whether it is kept out of the file.</param>
    public void Add(string line, bool isSecret)
    {
        _at = null;
        if (string.IsNullOrWhiteSpace(line) || (Count > 0 && _lines[^1] == line))
            return;
        if (Count == Capacity)
            _lines.RemoveAt(0);
        _lines.Add(line);
        if (!isSecret)
            file?.Add(line);
    }

    /// <summary>Returns the line before the one last returned; null at the oldest.</summary>
    /// <param name="typed">What is being typed, which is the newest.</param>
    public string? Older(string typed)
    {
        int at = _at ?? Count;
        if (at == 0)
            return null;
        if (at == Count)
            _typed = typed;
        _at = at - 1;
        return _lines[at - 1];
    }

    /// <summary>Returns the line after the one last returned, at last what was being typed; null after that.</summary>
    public string? Newer()
    {
        if (_at is not { } at || at == Count)
            return null;
        _at = at + 1;
        return at + 1 == Count ? _typed : _lines[at + 1];
    }
}
