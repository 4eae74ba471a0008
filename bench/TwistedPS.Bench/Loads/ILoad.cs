namespace TwistedPS.Bench;

/// <summary>A way of using a server.</summary>
internal interface ILoad
{
    Handler Handler { get; }

    /// <summary>The number of connections that the server must hold at a time.</summary>
    int Connections { get; }

    /// <exception cref="WrongReplyException">The server sent a wrong reply.</exception>
    /// <exception cref="IOException">The server closed a connection, or does not reply.</exception>
    Figures Run(ServerProcess server, Timing timing);
}
