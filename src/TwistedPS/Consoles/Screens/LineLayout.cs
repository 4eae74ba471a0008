using System.Text;
using TwistedPS.Engine.Services;

namespace TwistedPS.Consoles;

/// <summary>
/// The rows of a line on a screen. The terminal itself goes on in the next row when one is full, so that it knows which belong
/// together when its width changes or they are copied.
/// </summary>
internal sealed class LineLayout
{
    private const int TabStop = 8;
    private const string NewRow = "\r\n";

    private readonly List<Row> _rows = [new()];
    private readonly int _width;
    private int _column;
    private int _cursorAt;

    /// <param name="view">The line.</param>
    /// <param name="width">The columns of the screen.</param>
    public LineLayout(LineView view, int width)
    {
        _width = width;
        Add(view.Prompt, view.PromptColor, cursor: -1);
        Add(view.Text, view.TextColor, view.Cursor);
    }

    /// <summary>The number of rows.</summary>
    public int Count => _rows.Count;

    /// <summary>The row of the cursor.</summary>
    public int CursorRow { get; private set; }

    /// <summary>Whether the cursor stands at the end of a row.</summary>
    public bool EndsAtCursor(int row) => row == CursorRow && _cursorAt == _rows[row].Text.Length;

    /// <summary>Appends what shows rows.</summary>
    public void Write(StringBuilder output, int from, int to)
    {
        for (int row = from; row <= to; row++)
            Write(output, from, row, _rows[row].Text.Length);
    }

    /// <summary>Appends what shows rows up to the cursor.</summary>
    public void WriteToCursor(StringBuilder output, int from)
    {
        for (int row = from; row < CursorRow; row++)
            Write(output, from, row, _rows[row].Text.Length);
        Write(output, from, CursorRow, _cursorAt);
    }

    private void Write(StringBuilder output, int from, int row, int length)
    {
        // After a full row, the terminal goes on in the next one when there is something to show there.
        if (row > from && (_rows[row - 1].HasEnd || length == 0))
            output.Append(NewRow);
        output.Append(_rows[row].Text, 0, length);
    }

    private void Add(string text, string color, int cursor)
    {
        for (int at = 0; at < text.Length;)
        {
            int next = Characters.Next(text, at);
            bool isAtCursor = cursor >= at && cursor < next;
            if (text[at] == '\n')
            {
                if (isAtCursor)
                    PlaceCursor();
                BeginRow(hasEnd: true);
            }
            else
            {
                Add(text[at..next], color, isAtCursor);
            }

            at = next;
        }

        if (cursor < text.Length)
            return;
        if (_column == _width)
            BeginRow(hasEnd: false);
        PlaceCursor();
    }

    private void Add(string character, string color, bool isAtCursor)
    {
        string shown = character == "\t" ? new string(' ', TabStop - (_column % TabStop)) : VisibleText.Of(character);
        int width = shown != character ? shown.Length : CellWidth.Of(character);
        if (_column + width > _width)
            BeginRow(hasEnd: false);
        if (isAtCursor)
            PlaceCursor();
        _rows[^1].Append(shown, color);
        _column += width;
    }

    private void BeginRow(bool hasEnd)
    {
        _rows[^1].HasEnd = hasEnd;
        _rows.Add(new Row());
        _column = 0;
    }

    private void PlaceCursor() => (CursorRow, _cursorAt) = (_rows.Count - 1, _rows[^1].Text.Length);

    private sealed class Row
    {
        private string _color = "";

        public StringBuilder Text { get; } = new();

        /// <summary>Whether it ends before the next one however wide the screen is.</summary>
        public bool HasEnd { get; set; }

        public void Append(string shown, string color)
        {
            if (color != _color)
                Text.Append(color);
            _color = color;
            Text.Append(shown);
        }
    }
}
