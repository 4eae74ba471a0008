namespace TwistedPS.Parameters;

/// <summary>Takes connections of servers, or finds them by number.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConnectionTransformationAttribute() : AliveTransformationAttribute<Connection>(LiveKinds.Connections);
