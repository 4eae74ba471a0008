namespace TwistedPS.Engine.Streams;

/// <summary>The handler of a client that has none: received messages wait in its queue.</summary>
internal sealed class SilentHandler : IConnectionHandler
{
    public static SilentHandler Instance { get; } = new();

    public void Connected(Connection connection)
    {
    }

    public void ReadEnded(Connection connection)
    {
    }

    public void Disconnected(Connection connection, CloseReason reason)
    {
    }
}
