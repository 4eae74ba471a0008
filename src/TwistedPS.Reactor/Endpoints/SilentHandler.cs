namespace TwistedPS;

/// <summary>The handler of a client that has none: its lines wait in its queue.</summary>
internal sealed class SilentHandler : ILineHandler
{
    public static SilentHandler Instance { get; } = new();

    public void Connected(LineConnection connection)
    {
    }

    public void LineReceived(LineConnection connection, string line)
    {
    }

    public void Disconnected(LineConnection connection, CloseReason reason)
    {
    }
}
