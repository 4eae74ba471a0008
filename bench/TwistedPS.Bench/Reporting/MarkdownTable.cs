using System.Text;

namespace TwistedPS.Bench;

/// <summary>A Markdown table whose columns are aligned in the text too, for display in a console.</summary>
internal static class MarkdownTable
{
    /// <param name="rows">The rows, headings first. The first column is text, the others are numbers.</param>
    public static string Format(IReadOnlyList<string[]> rows)
    {
        int[] widths = Enumerable.Range(0, rows[0].Length)
            .Select(column => Math.Max(3, rows.Max(row => row[column].Length)))
            .ToArray();
        var text = new StringBuilder();
        AppendRow(text, rows[0], widths);
        text.Append('|').Append('-', widths[0] + 2);
        foreach (int width in widths.Skip(1))
            text.Append('|').Append('-', width + 1).Append(':');
        text.AppendLine("|");
        foreach (string[] row in rows.Skip(1))
            AppendRow(text, row, widths);
        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, string[] row, int[] widths)
    {
        for (int column = 0; column < row.Length; column++)
        {
            string cell = row[column];
            text.Append("| ").Append(column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column])).Append(' ');
        }

        text.AppendLine("|");
    }
}
