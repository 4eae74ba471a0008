using TwistedPS.Parameters;

namespace TwistedPS.Completers;

/// <summary>Completes the names of services of a kind.</summary>
/// <typeparam name="T">The kind.</typeparam>
public sealed class ServiceCompleter<T>() : AliveCompleter<T>(LiveKinds.Services<T>())
    where T : Service;
