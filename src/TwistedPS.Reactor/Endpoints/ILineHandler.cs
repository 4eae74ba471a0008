namespace TwistedPS;

/// <summary>
/// What a line protocol does with its events; the module implements it with scriptblocks. Called on the reactor's thread,
/// never nested. What it throws closes the connection with <see cref="CloseReason.HandlerError"/>.
/// </summary>
internal interface ILineHandler
{
    void Connected(LineConnection connection);

    void LineReceived(LineConnection connection, string line);

    void Disconnected(LineConnection connection, CloseReason reason);
}
