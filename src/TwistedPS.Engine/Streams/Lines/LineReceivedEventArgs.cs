namespace TwistedPS;

/// <summary>The line of an event, and its connection.</summary>
public sealed class LineReceivedEventArgs : ConnectionEventArgs
{
    internal LineReceivedEventArgs(Connection connection, string line)
        : base(connection) => Line = line;

    /// <summary>The line, without its delimiter.</summary>
    public string Line { get; }
}
