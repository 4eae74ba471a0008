using TwistedPS.Parameters;

namespace TwistedPS.Completers;

/// <summary>A completer of the numbers of connections.</summary>
public sealed class ConnectionCompleter() : AliveCompleter<Connection>(LiveKinds.Connections);
