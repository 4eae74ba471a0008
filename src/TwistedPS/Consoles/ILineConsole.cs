namespace TwistedPS.Consoles;

/// <summary>A console on which a person types lines while others are printed.</summary>
internal interface ILineConsole : IDisposable
{
    /// <summary>Whether the input has ended.</summary>
    bool IsAtEnd { get; }

    /// <summary>Whether a person is there, to whom more can be said than to a script.</summary>
    bool IsInteractive { get; }

    /// <summary>What the server has sent of a line whose end has not come, such as a prompt. It stays before what is typed.</summary>
    string Unfinished { set; }

    /// <summary>Waits for a line, until the time is up or <paramref name="cancel"/> is cancelled.</summary>
    bool TryRead(TimeSpan wait, out string line, CancellationToken cancel);

    /// <summary>
    /// Prints a line of the server without disturbing what is being typed; on a terminal with escapes for what would do more than
    /// be shown.
    /// </summary>
    void ShowReply(string line);

    /// <summary>Prints what the console itself has to say.</summary>
    void ShowStatus(string text);
}
