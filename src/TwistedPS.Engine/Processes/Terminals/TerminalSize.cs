namespace TwistedPS.Engine.Processes;

/// <summary>The size of a terminal, in characters.</summary>
internal readonly record struct TerminalSize(int Columns, int Rows)
{
    /// <summary>The largest number of columns, and of rows.</summary>
    public const int Largest = ushort.MaxValue;

    public static TerminalSize Default { get; } = new(80, 24);

    /// <exception cref="ArgumentOutOfRangeException">One of them is not 1 to 65535.</exception>
    public static TerminalSize Of(int columns, int rows)
    {
        foreach ((int count, string name) in new[] { (columns, nameof(columns)), (rows, nameof(rows)) })
        {
            if (count is < 1 or > Largest)
                throw new ArgumentOutOfRangeException(name, count, $"A terminal has 1 to {Largest} {name}.");
        }

        return new TerminalSize(columns, rows);
    }
}
