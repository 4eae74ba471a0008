namespace TwistedPS.Engine.Processes;

/// <summary>The handler of a process's events (Twisted's <c>ProcessProtocol</c>). Called on the reactor's thread.</summary>
internal interface IProcessHandler
{
    /// <param name="process">The process.</param>
    /// <param name="piece">A line, or an array of bytes.</param>
    void Output(ReactorProcess process, object piece);

    /// <inheritdoc cref="Output"/>
    void Error(ReactorProcess process, object piece);

    /// <summary>Handles its end, after all output was delivered. Called once.</summary>
    void Exited(ReactorProcess process);
}
