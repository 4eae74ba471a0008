using System.Text;

namespace TwistedPS;

/// <summary>What servers and clients have in common. The defaults are those of the cmdlets.</summary>
internal record LineOptions
{
    public string? Name { get; init; }

    public LineDelimiter Delimiter { get; init; } = LineDelimiter.Auto;

    public Encoding Encoding { get; init; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The longest line received, in bytes without its delimiter (<c>LineReceiver.MAX_LENGTH</c>).</summary>
    public int MaxLineLength { get; init; } = 16384;

    /// <summary>Whether text without a delimiter at the end of the stream is handed over as a line.</summary>
    public bool DeliverPartialLine { get; init; }

    /// <summary>In bytes.</summary>
    public int SendBufferLimit { get; init; } = 1024 * 1024;

    /// <summary>Null for none.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>How long a close waits for the peer, and a stop for handlers.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);

    public LineFramer CreateFramer() => new(Delimiter, Encoding, MaxLineLength);
}
