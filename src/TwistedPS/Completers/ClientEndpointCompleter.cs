using TwistedPS.Engine.Addresses;

namespace TwistedPS.Completers;

/// <summary>A completer of where to connect to.</summary>
public sealed class ClientEndpointCompleter() : EndpointCompleter(EndpointSyntax.Clients);
