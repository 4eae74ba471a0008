namespace TwistedPS;

/// <summary>Tells which connection was made or has ended.</summary>
public class LineConnectionEventArgs : EventArgs
{
    internal LineConnectionEventArgs(LineConnection connection) => Connection = connection;

    /// <summary>The connection.</summary>
    public LineConnection Connection { get; }
}
