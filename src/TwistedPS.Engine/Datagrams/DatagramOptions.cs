using System.Text;

namespace TwistedPS.Engine.Datagrams;

/// <summary>The options of a datagram socket. The defaults are those of the cmdlets.</summary>
internal sealed record DatagramOptions
{
    public string? Name { get; init; }

    /// <summary>The local address to bind to; null leaves it to the system.</summary>
    public Address? LocalAddress { get; init; }

    /// <summary>The permissions of the file of a UNIX socket; null leaves them to the system.</summary>
    public UnixFileMode? FileMode { get; init; }

    /// <summary>Whether others may bind to the same address and port.</summary>
    public bool ReuseAddress { get; init; }

    public bool AllowBroadcast { get; init; }

    /// <summary>The multicast groups to join.</summary>
    public IReadOnlyList<string> MulticastGroups { get; init; } = [];

    /// <summary>The interface for multicast: its name, its number, or one of its addresses; null leaves it to the system.</summary>
    public string? MulticastInterface { get; init; }

    /// <summary>The number of networks that a multicast datagram may cross, with the first; null for the system's 1.</summary>
    public int? TimeToLive { get; init; }

    /// <summary>Whether multicast datagrams reach this machine's own sockets as well.</summary>
    public bool MulticastLoopback { get; init; } = true;

    /// <summary>The limit of datagrams that wait for the system to accept them, in bytes.</summary>
    public int SendBufferLimit { get; init; } = 1024 * 1024;

    /// <summary>The encoding of text.</summary>
    public Encoding Encoding { get; init; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The longest time that a stop waits for answers still to come.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);
}
