namespace TwistedPS.Engine.Streams;

/// <summary>A service without connections that a connection can be relayed to.</summary>
internal interface IRelayable
{
    /// <summary>Reserves it for a relay that is about to begin.</summary>
    /// <exception cref="InvalidOperationException">It can't be relayed to.</exception>
    void PrepareRelay();

    /// <summary>Sends its output, what was not delivered first, to a connection from now on. On the reactor's thread only.</summary>
    /// <returns>Where the bytes of the connection go.</returns>
    IRelayEnd BeginRelay(Connection connection);
}
