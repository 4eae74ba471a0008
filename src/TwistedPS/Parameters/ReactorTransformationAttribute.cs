namespace TwistedPS.Parameters;

/// <summary>Accepts reactors, or finds them by number.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ReactorTransformationAttribute() : AliveTransformationAttribute<Reactor>(LiveKinds.Reactors);
