using System.Net;

namespace TwistedPS.Engine.Addresses;

/// <summary>
/// A place to listen or to connect to, as people and Twisted's <c>serverFromString</c> and <c>clientFromString</c> write it.
/// What it does not say is null.
/// </summary>
internal sealed record EndpointString
{
    /// <summary>The text that was parsed.</summary>
    public required string Text { get; init; }

    public required EndpointKind Kind { get; init; }

    /// <summary>Whether the text names the wire; without that it is for any that has ports.</summary>
    public bool IsExplicit => Kind != EndpointKind.Tcp || Text.TrimStart().StartsWith("tcp:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Of a client: the name or address of the host, without brackets.</summary>
    public string? Host { get; init; }

    /// <summary>The port: of a server from 0 for any free one, of a client from 1.</summary>
    public int? Port { get; init; }

    /// <summary>Of a server: the name or address to listen on; * for all.</summary>
    public string? Interface { get; init; }

    /// <summary>The path of a UNIX socket, or after an @ an abstract name of Linux.</summary>
    public string? Path { get; init; }

    /// <summary>Of a server: the mode of the file of a UNIX socket.</summary>
    public UnixFileMode? Mode { get; init; }

    /// <summary>Of a server: the largest number of connections that wait to be accepted.</summary>
    public int? Backlog { get; init; }

    /// <summary>Of a client: the time limit for an attempt to connect.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Of a client: the local address to connect from.</summary>
    public IPAddress? BindAddress { get; init; }

    /// <summary>Of TLS: the file of the certificate, which without a <see cref="KeyPath"/> holds the key as well.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>Of TLS: the file of the private key, which without a <see cref="CertificatePath"/> holds the certificate as well.</summary>
    public string? KeyPath { get; init; }

    /// <summary>Of a TLS server: the file of the certificates between its own and the root.</summary>
    public string? ChainPath { get; init; }

    /// <summary>Of a TLS client: the folder of the certificates to trust.</summary>
    public string? TrustPath { get; init; }

    /// <summary>Of a TLS client: the name that the server's certificate is to be for, if not the host.</summary>
    public string? ServerName { get; init; }

    /// <summary>Of a TLS server: the name of a method of OpenSSL, such as TLSv1_2_METHOD.</summary>
    public string? Method { get; init; }

    /// <summary>Where a client connects to; it has a host and a port, or a path.</summary>
    public HostAddress Server => new(Path ?? Host!, Port ?? 0);

    /// <summary>
    /// Parses a place to listen: a port, <c>:port</c>, <c>host:port</c>, or an endpoint string.
    /// </summary>
    /// <exception cref="FormatException">It is none; the message says why, and what one looks like.</exception>
    public static EndpointString ParseServer(string text) => EndpointParser.Server.Parse(text);

    /// <summary>
    /// Parses a place to connect to: <c>host:port</c>, a port of this machine, a host alone, whose port is null, or an
    /// endpoint string.
    /// </summary>
    /// <exception cref="FormatException">It is none; the message says why, and what one looks like.</exception>
    public static EndpointString ParseClient(string text) => EndpointParser.Client.Parse(text);

    /// <summary>The UNIX socket at a path.</summary>
    public static EndpointString OfPath(string path) => new() { Text = path, Kind = EndpointKind.Unix, Path = path };

    /// <summary>Returns the text that was parsed.</summary>
    public override string ToString() => Text;
}
