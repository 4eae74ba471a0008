using TwistedPS.Engine.Tls;

namespace TwistedPS.Engine.Streams;

/// <summary>The options common to servers and clients of any messages. The defaults are those of the cmdlets.</summary>
internal record NetworkServiceOptions
{
    public string? Name { get; init; }

    /// <summary>The limit of unsent output, in bytes.</summary>
    public int SendBufferLimit { get; init; } = 1024 * 1024;

    /// <summary>The longest time without traffic; null for no limit.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>The longest time that a connection lasts; null for no limit.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>The bytes a second of one connection, each way; null for no limit.</summary>
    public int? BytesPerSecond { get; init; }

    /// <summary>The bytes a second of all connections together, each way; null for no limit.</summary>
    public virtual int? TotalBytesPerSecond => null;

    /// <summary>The path of the traffic log; null for none.</summary>
    public string? TrafficLog { get; init; }

    /// <summary>The time of silence before the system probes whether the peer is still there; 0 for never.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether a connection stays open when its peer has ended sending.</summary>
    public bool AllowHalfOpen { get; init; }

    /// <summary>The longest time that a close waits for the peer, and a stop for handlers.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The TLS of its connections, whichever side they are; null for plain text.</summary>
    public virtual ITlsSettings? TlsSettings => null;
}
