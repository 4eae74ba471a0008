using TwistedPS.Engine.Addresses;

namespace TwistedPS.Completers;

/// <summary>A completer of where to listen.</summary>
public sealed class ServerEndpointCompleter() : EndpointCompleter(EndpointSyntax.Servers)
{
    internal override IEnumerable<(string Text, string Description)> Plain => Ports;

    internal override IEnumerable<(string Text, string Description)> Hosts => [];

    internal override IEnumerable<(string Text, string Description)> Ports => ListenPortCompleter.Ports;
}
