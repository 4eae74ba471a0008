using TwistedPS.Parameters;

namespace TwistedPS.Completers;

/// <summary>A completer of the names of deferreds.</summary>
public sealed class DeferredCompleter() : AliveCompleter<Deferred>(LiveKinds.Deferreds);
