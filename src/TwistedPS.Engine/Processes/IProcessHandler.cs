namespace TwistedPS.Engine.Processes;

/// <summary>The handler of a process's events (Twisted's <c>ProcessProtocol</c>). Called on the reactor's thread.</summary>
internal interface IProcessHandler
{
    void Output(ReactorProcess process, string line);

    void Error(ReactorProcess process, string line);

    /// <summary>Handles its end, after every line was delivered. Called once.</summary>
    void Exited(ReactorProcess process);
}
