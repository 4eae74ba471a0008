using TwistedPS.Engine.Addresses;

namespace TwistedPS.Completers;

/// <summary>A completer of where to listen.</summary>
public sealed class ServerEndpointCompleter() : EndpointCompleter(EndpointSyntax.Servers);
