using System.Net.Sockets;

namespace TwistedPS.Engine.Metrics;

/// <summary>The attributes of metrics, whose names are OpenTelemetry's where it has one.</summary>
internal static class MetricAttributes
{
    public const string ServerName = "twistedps.server.name";
    public const string ServerKind = "twistedps.server.kind";
    public const string Handler = "twistedps.handler.name";
    public const string Reactor = "twistedps.reactor.id";
    public const string Direction = "network.io.direction";
    public const string Address = "server.address";
    public const string Port = "server.port";
    public const string NetworkTransport = "network.transport";

    /// <summary>Whether a service has metrics. Others are as short-lived as a connection, and each would be a series of its own.</summary>
    public static bool IsServer(Service service) => service is Server or DatagramServer or HttpServer;

    /// <summary>Returns what tells a server from others.</summary>
    /// <param name="server">The server.</param>
    /// <param name="more">Further attributes.</param>
    public static KeyValuePair<string, object?>[] Of(Service server, params (string Name, object Value)[] more) => server switch
    {
        Server it => Of(it, it.LocalAddress, "tcp", more),
        DatagramServer it => Of(it, it.LocalAddress, "udp", more),
        HttpServer it => Of(it, TwistedPS.Address.From(it.EndPoint), "tcp", more),
        _ => throw new ArgumentException($"The {server.Description} is no server.", nameof(server)),
    };

    public static KeyValuePair<string, object?>[] Of(params (string Name, object Value)[] attributes) =>
        [.. attributes.Select(attribute => KeyValuePair.Create(attribute.Name, (object?)attribute.Value))];

    private static KeyValuePair<string, object?>[] Of(
        Service server, Address address, string transport, (string Name, object Value)[] more)
    {
        (string, object)[] where = address.EndPoint switch
        {
            null => [],
            UnixDomainSocketEndPoint => [(Address, address.Host), (NetworkTransport, "unix")],
            _ => [(Address, address.Host), (Port, address.Port), (NetworkTransport, transport)],
        };
        return Of([(ServerKind, Service.NounOf(server.GetType())), (ServerName, server.Name), .. where, .. more]);
    }
}
