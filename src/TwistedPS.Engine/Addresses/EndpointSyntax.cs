namespace TwistedPS.Engine.Addresses;

/// <summary>The arguments of the endpoint strings with one prefix, named and ordered as Twisted does.</summary>
/// <param name="Prefix">The word before the first colon.</param>
/// <param name="Kind">The wire.</param>
/// <param name="Required">The number of the first arguments that can't be left out.</param>
/// <param name="Positional">The arguments that may be given without their names, in order.</param>
/// <param name="Named">The arguments that need their names.</param>
internal sealed record EndpointSyntax(string Prefix, EndpointKind Kind, int Required, string[] Positional, string[] Named)
{
    private static readonly string[] s_tlsServer =
        ["port", "privateKey", "certKey", "sslmethod", "interface", "backlog", "extraCertChain", "dhParameters"];

    /// <summary>The endpoint strings of servers.</summary>
    public static IReadOnlyList<EndpointSyntax> Servers { get; } =
    [
        new("tcp", EndpointKind.Tcp, 1, ["port", "interface", "backlog"], []),
        new("tls", EndpointKind.Tls, 1, s_tlsServer, ["certificate"]),
        new("ssl", EndpointKind.Tls, 1, s_tlsServer, ["certificate"]),
        new("unix", EndpointKind.Unix, 1, ["address", "mode", "backlog", "lockfile"], []),
        new("udp", EndpointKind.Udp, 1, ["port", "interface"], []),
    ];

    /// <summary>The endpoint strings of clients.</summary>
    public static IReadOnlyList<EndpointSyntax> Clients { get; } =
    [
        new("tcp", EndpointKind.Tcp, 2, ["host", "port"], ["timeout", "bindAddress"]),
        new("tls", EndpointKind.Tls, 2, ["host", "port", "timeout", "bindAddress", "certificate", "privateKey", "trustRoots"], ["certKey", "caCertsDir", "hostname"]),
        new("ssl", EndpointKind.Tls, 2, ["host", "port"], ["timeout", "bindAddress", "certKey", "privateKey", "caCertsDir", "hostname", "certificate", "trustRoots"]),
        new("unix", EndpointKind.Unix, 1, ["path"], ["timeout", "lockfile"]),
        new("udp", EndpointKind.Udp, 2, ["host", "port"], ["bindAddress"]),
    ];

    /// <summary>The names of all arguments.</summary>
    public IEnumerable<string> Names => Positional.Concat(Named);

    /// <summary>Returns the name of an argument as it is listed here; null if there is none.</summary>
    public string? Find(string name) => Names.FirstOrDefault(it => it.Equals(name, StringComparison.OrdinalIgnoreCase));
}
