using TwistedPS.Engine.Services;

namespace TwistedPS;

/// <summary>The line of an event, and its connection.</summary>
public sealed class LineReceivedEventArgs : ConnectionEventArgs
{
    internal LineReceivedEventArgs(Connection connection, string line)
        : base(connection) => Line = line;

    /// <summary>The line, without its delimiter.</summary>
    public string Line { get; }

    /// <summary>Returns the connection and the line, on one line.</summary>
    public override string ToString() => VisibleText.Of($"{Connection}: {Line}");
}
