namespace TwistedPS.Engine.Processes;

/// <summary>What a process tells (Twisted's <c>ProcessProtocol</c>). Called on the reactor's thread.</summary>
internal interface IProcessHandler
{
    void Output(ReactorProcess process, string line);

    void Error(ReactorProcess process, string line);

    /// <summary>It has ended, and every line of it was delivered. Called once.</summary>
    void Exited(ReactorProcess process);
}
