using System.Net.Security;
using TwistedPS.Engine.Carriers;

namespace TwistedPS.Engine.Tls;

/// <summary>The TLS of a client's connections. Its callbacks run on the reactor's thread, and answer at once.</summary>
/// <param name="Options">The options of .NET, shared by all connections, which resume each other's sessions.</param>
internal sealed record TlsClientSettings(SslClientAuthenticationOptions Options) : ITlsSettings
{
    /// <summary>The longest time of a handshake.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether connections begin in plain text, and TLS when a handler or the prompt says so (STARTTLS).</summary>
    public bool OnRequest { get; init; }

    ITlsSession ITlsSettings.CreateSession(ICarrier carrier) => SslStreamSession.Connect(carrier, this);
}
