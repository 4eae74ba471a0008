namespace TwistedPS.Parameters;

/// <summary>Takes services of a kind, or finds them by number or name.</summary>
/// <typeparam name="T">The kind.</typeparam>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ServiceTransformationAttribute<T>() : AliveTransformationAttribute<T>(LiveKinds.Services<T>())
    where T : Service;
