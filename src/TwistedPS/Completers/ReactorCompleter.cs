using TwistedPS.Parameters;

namespace TwistedPS.Completers;

/// <summary>Completes the numbers of reactors.</summary>
public sealed class ReactorCompleter() : AliveCompleter<Reactor>(LiveKinds.Reactors);
