using System.Net;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Policies;
using TwistedPS.Engine.Tls;

namespace TwistedPS.Engine.Streams;

/// <summary>The options of a client.</summary>
internal sealed record ClientOptions : NetworkServiceOptions
{
    /// <summary>The name or address of the host, or, without a port, the path of a UNIX socket.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>The port; 0 for a UNIX socket.</summary>
    public int Port { get; init; }

    public HostAddress Server => new(Host, Port);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The local end point (Twisted's <c>bindAddress</c>); null leaves it to the system.</summary>
    public IPEndPoint? LocalEndPoint { get; init; }

    /// <summary>The policy for connecting again after a lost or failed connection; null for never.</summary>
    public ReconnectPolicy? Reconnect { get; init; }

    /// <summary>The TLS of its connections; null for plain text.</summary>
    public TlsClientSettings? Tls { get; init; }

    public override ITlsSettings? TlsSettings => Tls;
}
