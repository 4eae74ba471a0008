using TwistedPS.Scripting;

namespace TwistedPS.Parameters;

/// <summary>The kinds of live objects of a session.</summary>
internal static class LiveKinds
{
    public static LiveKind<Reactor> Reactors { get; } = new(
        nameof(Reactor), session => session.Hosts.Select(host => host.Reactor), reactor => reactor.Id, reactor => $"{reactor.Id}", Describe);

    /// <summary>The connections of servers.</summary>
    public static LiveKind<Connection> Connections { get; } = new(
        "ReactorConnection",
        session => session.Alive<Server>().SelectMany(server => server.Connections),
        connection => connection.Id,
        connection => $"{connection.Id}",
        connection => connection.ToString());

    /// <summary>The servers whose handlers share a scope.</summary>
    public static LiveKind<Service> Servers { get; } = new(
        nameof(Server),
        session => session.Alive<Service>().Where(service => service is Server or DatagramServer),
        service => service.Id,
        service => service.Name,
        service => service.Description)
    {
        WayOut = "(Get-Reactor).Services lists those that are alive.",
    };

    /// <summary>The deferreds that somebody holds, and the last that have succeeded at the prompt.</summary>
    public static LiveKind<Deferred> Deferreds { get; } = new(
        nameof(Deferred), session => session.Deferreds, deferred => deferred.Id, deferred => deferred.Name, deferred => deferred.ToString());

    /// <summary>The services of a type.</summary>
    public static LiveKind<T> Services<T>()
        where T : Service => OfServices<T>.Kind;

    private static string Describe(Reactor reactor) =>
        $"{(Session.FindHost(reactor) is { IsForeground: true } ? "foreground" : "background")} reactor {reactor.Id}";

    // The name is found by reflection, which a cmdlet in a handler has no time for.
    private static class OfServices<T>
        where T : Service
    {
        public static LiveKind<T> Kind { get; } = new(
            Service.NounOf(typeof(T)), session => session.Alive<T>(), service => service.Id, service => service.Name, service => service.Description)
        {
            WayOut = typeof(T).IsAbstract ? "(Get-Reactor).Services lists those that are alive." : null,
        };
    }
}
