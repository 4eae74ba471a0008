namespace TwistedPS;

/// <summary>Where a line client connects to.</summary>
internal sealed record LineClientOptions : LineOptions
{
    public string Host { get; init; } = "localhost";

    public int Port { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
