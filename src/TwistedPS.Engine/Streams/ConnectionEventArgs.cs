namespace TwistedPS;

/// <summary>The connection of an event: one that was made, or has ended.</summary>
public class ConnectionEventArgs : EventArgs
{
    internal ConnectionEventArgs(Connection connection) => Connection = connection;

    /// <summary>The connection.</summary>
    public Connection Connection { get; }

    /// <summary>Returns the connection.</summary>
    public override string ToString() => Connection.ToString();
}
