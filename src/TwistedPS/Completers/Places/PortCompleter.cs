using TwistedPS.Engine.Addresses;
using TwistedPS.Scripting;

namespace TwistedPS.Completers;

/// <summary>A completer of ports: those of the servers of this session, and well-known ones.</summary>
public sealed class PortCompleter : CandidateCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates => Ports;

    /// <summary>The ports to connect to.</summary>
    internal static IEnumerable<(string Text, string Description)> Ports => Served
        .Where(it => it.Port != 0)
        .Select(it => ($"{it.Port}", it.Service.Description))
        .Concat(WellKnownPorts.All.Select(known => ($"{known.Port}", known.Description)))
        .DistinctBy(((string Text, string Description) candidate) => candidate.Text);

    private static IEnumerable<(int Port, Service Service)> Served => Session.Current.Alive<Service>().Select(service => service switch
    {
        Server server => (server.Port, service),
        HttpServer web => (web.Port, service),
        DatagramServer datagrams => (datagrams.Port, service),
        _ => (0, service),
    });
}
