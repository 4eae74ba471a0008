namespace TwistedPS.Consoles;

/// <summary>A console on which a person types lines while others are printed.</summary>
internal interface ILineConsole : IDisposable
{
    /// <summary>Whether the input has ended.</summary>
    bool IsAtEnd { get; }

    /// <summary>Waits for a line, until the time is up or <paramref name="cancel"/> is cancelled.</summary>
    bool TryRead(TimeSpan wait, out string line, CancellationToken cancel);

    /// <summary>
    /// Prints a line without disturbing what is being typed; on a terminal with escapes for what would do more than be shown.
    /// </summary>
    void Print(string line);
}
