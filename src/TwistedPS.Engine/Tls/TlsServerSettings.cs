using System.Net.Security;
using TwistedPS.Engine.Carriers;

namespace TwistedPS.Engine.Tls;

/// <summary>The TLS of a server's connections. Its callbacks run on the reactor's thread, and answer at once.</summary>
/// <param name="Options">
/// The options of .NET, shared by all connections. The certificate context among them keeps the sessions that peers resume, so
/// there is one for each server, not for each connection.
/// </param>
internal sealed record TlsServerSettings(SslServerAuthenticationOptions Options) : ITlsSettings
{
    /// <summary>The longest time of a handshake.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether connections begin in plain text, and TLS when a handler says so (STARTTLS).</summary>
    public bool OnRequest { get; init; }

    /// <summary>
    /// Returns the options for a server name that a client has asked for, which may be empty; null for the same options always.
    /// </summary>
    public Func<string, SslServerAuthenticationOptions>? ForServerName { get; init; }

    ITlsSession ITlsSettings.CreateSession(ICarrier carrier) => SslStreamSession.Serve(carrier, this);
}
