namespace TwistedPS.Parameters;

/// <summary>Accepts connections of servers, or finds them by number.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConnectionTransformationAttribute() : AliveTransformationAttribute<Connection>(LiveKinds.Connections);
