namespace TwistedPS;

/// <summary>The error of a scriptblock that is made for a pipeline and can't be called for an event.</summary>
internal sealed class ScriptNotCallableException()
    : Exception("A handler is called once for each event, so it can't have begin, process, end or clean blocks.");
