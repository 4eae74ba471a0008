namespace TwistedPS;

/// <summary>The handlers of a server (Twisted's protocol and its factory).</summary>
internal interface ILineServerHandler : ILineHandler
{
    /// <summary>Called once before the first connection (<c>Factory.startFactory</c>); what it throws ends the start.</summary>
    void Started(LineServer server);

    /// <summary>Called once after the last connection (<c>Factory.stopFactory</c>).</summary>
    void Stopped(LineServer server);
}
