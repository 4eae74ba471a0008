namespace TwistedPS.Engine.Streams;

/// <summary>The handlers of a client itself (Twisted's <c>ClientFactory</c>).</summary>
internal interface IClientHandler : IConnectionHandler
{
    /// <summary>Called before each attempt to connect (<c>startedConnecting</c>).</summary>
    void Connecting(Client client);

    /// <summary>Called after a failed attempt (<c>clientConnectionFailed</c>).</summary>
    void ConnectFailed(Client client, Exception error);
}
