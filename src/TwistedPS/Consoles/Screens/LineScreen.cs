using System.Text;

namespace TwistedPS.Consoles;

/// <summary>
/// The end of a terminal's screen, on which a line is shown while it is typed; what is printed goes above it. A line with more
/// rows than the screen shows those around the cursor.
/// </summary>
/// <param name="output">The terminal.</param>
/// <param name="size">Its columns and rows, now.</param>
/// <param name="endOfColor">What ends a color.</param>
internal sealed class LineScreen(TextWriter output, Func<(int Width, int Height)> size, string endOfColor)
{
    private const string ClearAll = "\x1b[H\x1b[2J";
    private const string ClearBelow = "\r\x1b[J";

    private LineView? _shown;
    private (int Width, int Height) _size;
    private int _top;
    private int _cursorRow;

    /// <summary>Shows a line in place of the one shown before.</summary>
    public void Show(LineView view)
    {
        (int, int) now = size();
        if (view == _shown && now == _size)
            return;
        StringBuilder text = Erasing(now);
        _size = now;
        var layout = new LineLayout(view, _size.Width);
        ScrollTo(layout);
        int last = Math.Min(layout.Count, _top + _size.Height) - 1;
        layout.Write(text, _top, last);
        if (!layout.EndsAtCursor(last))
        {
            // Written anew up to the cursor, which thus stands right even after characters that the terminal takes for wider
            // or narrower than they are.
            AppendUp(text, last - _top);
            text.Append('\r');
            layout.WriteToCursor(text, _top);
        }

        (_shown, _cursorRow) = (view, layout.CursorRow - _top);
        output.Write(text.Append(endOfColor));
    }

    /// <summary>Prints a text above the line, which is shown again by the next <see cref="Show"/>.</summary>
    public void Print(string text) => output.Write(Erasing(size()).Append(text).Append("\r\n"));

    /// <summary>Shows a whole line, which stays there.</summary>
    public void Leave(LineView view)
    {
        (int Width, int) now = size();
        StringBuilder text = Erasing(now);
        var layout = new LineLayout(view, now.Width);
        layout.Write(text, 0, layout.Count - 1);
        output.Write(text.Append(endOfColor).Append("\r\n"));
    }

    public void Erase() => output.Write(Erasing(size()));

    public void Clear()
    {
        _shown = null;
        output.Write(ClearAll);
    }

    private StringBuilder Erasing((int Width, int Height) now)
    {
        var text = new StringBuilder();
        if (_shown is null)
            return text;

        // A terminal whose width has changed has laid the rows out anew.
        if (now.Width != _size.Width && _top == 0)
            _cursorRow = new LineLayout(_shown, now.Width).CursorRow;
        AppendUp(text, Math.Min(_cursorRow, now.Height - 1));
        _shown = null;
        return text.Append(ClearBelow);
    }

    private void ScrollTo(LineLayout layout)
    {
        int lastTop = Math.Max(0, layout.Count - _size.Height);
        _top = Math.Clamp(_top, Math.Max(0, layout.CursorRow - _size.Height + 1), Math.Min(lastTop, layout.CursorRow));
    }

    private static void AppendUp(StringBuilder text, int rows)
    {
        if (rows > 0)
            text.Append("\x1b[").Append(rows).Append('A');
    }
}
