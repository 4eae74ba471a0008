using TwistedPS.Engine.Addresses;

namespace TwistedPS.Completers;

/// <summary>A completer of where to connect to.</summary>
public sealed class ClientEndpointCompleter() : EndpointCompleter(EndpointSyntax.Clients)
{
    internal override IEnumerable<(string Text, string Description)> Plain => Hosts;

    internal override IEnumerable<(string Text, string Description)> Hosts => HostCompleter.Hosts;

    internal override IEnumerable<(string Text, string Description)> Ports => PortCompleter.Ports;
}
