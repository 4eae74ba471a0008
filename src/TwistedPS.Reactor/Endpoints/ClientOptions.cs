namespace TwistedPS;

/// <summary>Where a client connects to.</summary>
internal sealed record ClientOptions : EndpointOptions
{
    public string Host { get; init; } = "localhost";

    public int Port { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
