using TwistedPS.Parameters;

namespace TwistedPS.Completers;

/// <summary>A completer of the names of services of a type.</summary>
/// <typeparam name="T">The type of the objects.</typeparam>
public sealed class ServiceCompleter<T>() : AliveCompleter<T>(LiveKinds.Services<T>())
    where T : Service;
