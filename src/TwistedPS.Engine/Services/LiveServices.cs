using System.Collections.Concurrent;

namespace TwistedPS.Engine.Services;

/// <summary>The services that are alive on a reactor. Members may be called from any thread.</summary>
internal sealed class LiveServices
{
    private readonly ConcurrentDictionary<Service, bool> _services = new();

    /// <summary>All of them, oldest first.</summary>
    public Service[] All => [.. _services.Keys.OrderBy(service => service.StartTime).ThenBy(service => service.Id)];

    public void Add(Service service) => _services.TryAdd(service, true);

    /// <summary>Removes a service that has ended, and raises its event.</summary>
    public void Remove(Service service)
    {
        if (_services.TryRemove(service, out _))
            service.NoteEnded();
    }
}
