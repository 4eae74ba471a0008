namespace TwistedPS;

/// <summary>A line and where it came from.</summary>
public sealed class LineReceivedEventArgs : ConnectionEventArgs
{
    internal LineReceivedEventArgs(Connection connection, string line)
        : base(connection) => Line = line;

    /// <summary>The line, without its delimiter.</summary>
    public string Line { get; }
}
