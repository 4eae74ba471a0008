namespace TwistedPS.Engine.Streams;

/// <summary>The handlers of a server itself (Twisted's <c>Factory</c>).</summary>
internal interface IServerHandler : IConnectionHandler
{
    /// <summary>Called once before the first connection (<c>Factory.startFactory</c>); an error ends the start.</summary>
    void Started(Server server);

    /// <summary>
    /// Called once before the first connection on a reactor that is not the server's first, on its thread; an error ends the start.
    /// </summary>
    void Prepare()
    {
    }

    /// <summary>Called once after the last connection (<c>Factory.stopFactory</c>).</summary>
    void Stopped(Server server);

    /// <summary>Ends what its handlers have begun beside the reactor. Completes when nothing of it goes on.</summary>
    Task EndWork() => Task.CompletedTask;
}
