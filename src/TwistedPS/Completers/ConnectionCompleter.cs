using TwistedPS.Parameters;

namespace TwistedPS.Completers;

/// <summary>Completes the numbers of connections.</summary>
public sealed class ConnectionCompleter() : AliveCompleter<Connection>(LiveKinds.Connections);
