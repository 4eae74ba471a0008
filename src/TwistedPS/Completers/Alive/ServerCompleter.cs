using TwistedPS.Parameters;

namespace TwistedPS.Completers;

/// <summary>A completer of the names of servers, of streams and of datagrams.</summary>
public sealed class ServerCompleter() : AliveCompleter<Service>(LiveKinds.Servers);
