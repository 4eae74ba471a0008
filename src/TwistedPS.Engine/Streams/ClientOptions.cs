using System.Net;
using TwistedPS.Engine.Policies;

namespace TwistedPS.Engine.Streams;

/// <summary>Where a client connects to.</summary>
internal sealed record ClientOptions : NetworkServiceOptions
{
    public string Host { get; init; } = "localhost";

    public int Port { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where to connect from (Twisted's <c>bindAddress</c>); null leaves it to the system.</summary>
    public IPEndPoint? LocalEndPoint { get; init; }

    /// <summary>When to connect again after a connection was lost or could not be made; null for never.</summary>
    public ReconnectPolicy? Reconnect { get; init; }
}
