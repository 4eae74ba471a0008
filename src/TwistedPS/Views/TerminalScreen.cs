using System.Globalization;
using System.Text;

namespace TwistedPS.Views;

/// <summary>The alternate screen of the terminal, for as long as it is not disposed; then what was on the screen before is back.</summary>
internal sealed class TerminalScreen : IDisposable
{
    // The screen, no cursor, no wrapping of what would be too wide after all.
    private const string Enter = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J";
    private const string Leave = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";

    // What lies between them is shown at once, by terminals that know it.
    private const string BeginFrame = "\x1b[?2026h";
    // The cursor is left at the top, where what others write scrolls nothing away.
    private const string EndFrame = "\x1b[H\x1b[?2026l";

    private string[] _shown = [];
    private (int Width, int Height) _size;

    public TerminalScreen() => Console.Out.Write(Enter);

    /// <summary>The size of the terminal in cells, as it is now.</summary>
    public static (int Width, int Height) Size
    {
        get
        {
            (int width, int height) = (Console.WindowWidth, Console.WindowHeight);
            return width > 0 && height > 0 ? (width, height) : (80, 24);
        }
    }

    /// <summary>Whether a frame is to be drawn for the size alone.</summary>
    public bool IsResized => _size != Size;

    /// <summary>Has the next frame drawn as a whole: something else has written to the terminal.</summary>
    public void Invalidate() => Array.Clear(_shown);

    /// <summary>Shows lines, and writes only those that have changed.</summary>
    /// <param name="lines">One for each row.</param>
    /// <param name="size">The size for which they were made.</param>
    public void Draw(IReadOnlyList<string> lines, (int Width, int Height) size)
    {
        var frame = new StringBuilder(BeginFrame);
        if (_size != size)
        {
            frame.Append("\x1b[2J");
            (_size, _shown) = (size, new string[size.Height]);
        }

        for (int row = 0; row < Math.Min(lines.Count, size.Height); row++)
        {
            if (_shown[row] == lines[row])
                continue;
            _shown[row] = lines[row];

            // Erased first: once a line is full, its last cell would be erased.
            frame.Append(CultureInfo.InvariantCulture, $"\x1b[{row + 1};1H\x1b[2K{lines[row]}");
        }

        Console.Out.Write(frame.Append(EndFrame).ToString());
    }

    /// <summary>Reads a key that was pressed; none if the input is no keyboard.</summary>
    public static bool TryReadKey(out ConsoleKeyInfo key)
    {
        key = default;
        if (Console.IsInputRedirected || !Console.KeyAvailable)
            return false;
        key = Console.ReadKey(intercept: true);
        return true;
    }

    public void Dispose() => Console.Out.Write(Leave);
}
