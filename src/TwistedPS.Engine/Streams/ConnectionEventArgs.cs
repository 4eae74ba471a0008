namespace TwistedPS;

/// <summary>Tells which connection was made or has ended.</summary>
public class ConnectionEventArgs : EventArgs
{
    internal ConnectionEventArgs(Connection connection) => Connection = connection;

    /// <summary>The connection.</summary>
    public Connection Connection { get; }
}
