namespace TwistedPS.Engine.Streams;

/// <summary>What servers and clients have in common, whatever their messages. The defaults are those of the cmdlets.</summary>
internal record NetworkServiceOptions
{
    public string? Name { get; init; }

    /// <summary>In bytes.</summary>
    public int SendBufferLimit { get; init; } = 1024 * 1024;

    /// <summary>Null for none.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Whether a connection stays open when its peer has said that it will send nothing more.</summary>
    public bool AllowHalfOpen { get; init; }

    /// <summary>How long a close waits for the peer, and a stop for handlers.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);
}
