namespace TwistedPS;

/// <summary>The handlers of a client (Twisted's <c>ClientFactory</c>).</summary>
internal interface ILineClientHandler : ILineHandler
{
    /// <summary>A connection is about to be tried (<c>startedConnecting</c>).</summary>
    void Connecting(LineClient client);

    /// <summary>It could not be made (<c>clientConnectionFailed</c>).</summary>
    void ConnectFailed(LineClient client, Exception error);
}
