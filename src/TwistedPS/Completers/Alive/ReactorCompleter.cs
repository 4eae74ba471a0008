using TwistedPS.Parameters;

namespace TwistedPS.Completers;

/// <summary>A completer of the numbers of reactors.</summary>
public sealed class ReactorCompleter() : AliveCompleter<Reactor>(LiveKinds.Reactors);
