namespace TwistedPS.Parameters;

/// <summary>Accepts services of a type, or finds them by number or name.</summary>
/// <typeparam name="T">The type of the services.</typeparam>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ServiceTransformationAttribute<T>() : AliveTransformationAttribute<T>(LiveKinds.Services<T>())
    where T : Service;
