namespace TwistedPS.Consoles;

/// <summary>Where a person types lines while others print.</summary>
internal interface ILineConsole : IDisposable
{
    /// <summary>The input has ended: nothing more will be typed.</summary>
    bool IsAtEnd { get; }

    /// <summary>Waits for a line for a while, or until <paramref name="cancel"/> is cancelled.</summary>
    bool TryRead(TimeSpan wait, out string line, CancellationToken cancel);

    /// <summary>Prints a line without disturbing what is being typed.</summary>
    void Print(string line);
}
