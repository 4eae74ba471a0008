using System.Text;
using TwistedPS.Engine.Services;

namespace TwistedPS.Views;

/// <summary>Text cut or filled up to a number of cells of a terminal, of which some characters need two.</summary>
/// <param name="cellsOf">Returns the number of cells that a text needs.</param>
internal sealed class CellText(Func<string, int> cellsOf)
{
    private const char Ellipsis = '…';

    public string Left(string text, int width)
    {
        string fitting = Cut(text, width);
        return fitting + new string(' ', Math.Max(0, width - cellsOf(fitting)));
    }

    public string Right(string text, int width)
    {
        string fitting = Cut(text, width);
        return new string(' ', Math.Max(0, width - cellsOf(fitting))) + fitting;
    }

    /// <summary>Returns what fits of a text that may come from a peer, with escapes for what would do more than be shown.</summary>
    public string Cut(string text, int width)
    {
        string visible = VisibleText.Of(text).Replace('\t', ' ');
        if (cellsOf(visible) <= width)
            return visible;
        var cut = new StringBuilder();
        int cells = 1;
        foreach (Rune rune in visible.EnumerateRunes())
        {
            cells += cellsOf(rune.ToString());
            if (cells > width)
                break;
            cut.Append(rune);
        }

        return width > 0 ? cut.Append(Ellipsis).ToString() : "";
    }
}
