namespace TwistedPS.Engine.Streams;

/// <summary>The handlers of a client itself (Twisted's <c>ClientFactory</c>).</summary>
internal interface IClientHandler : IConnectionHandler
{
    /// <summary>A connection is about to be tried (<c>startedConnecting</c>).</summary>
    void Connecting(Client client);

    /// <summary>It could not be made (<c>clientConnectionFailed</c>).</summary>
    void ConnectFailed(Client client, Exception error);
}
