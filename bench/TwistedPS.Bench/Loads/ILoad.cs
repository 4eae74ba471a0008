namespace TwistedPS.Bench;

/// <summary>One way of using a server.</summary>
internal interface ILoad
{
    Handler Handler { get; }

    /// <summary>How many connections the server must hold at a time.</summary>
    int Connections { get; }

    /// <exception cref="WrongReplyException">The server sent something else than it should have.</exception>
    /// <exception cref="IOException">The server closed a connection, or does not answer.</exception>
    Figures Run(ServerProcess server, Timing timing);
}
