namespace TwistedPS.Engine.Transports;

/// <summary>
/// The limit of a transport's unsent output. What is over it blocks until half of it has drained, so that it doesn't flutter.
/// </summary>
internal sealed class OutputLimit
{
    private int _foreign;

    /// <summary>The limit in bytes.</summary>
    public int Bytes { get; set; } = 1024 * 1024;

    /// <summary>Whether the limit was exceeded, and half of it has not drained yet.</summary>
    public bool IsExceeded { get; private set; }

    /// <summary>
    /// Whether nothing is read from the peer meanwhile. Output of others does not count: they wait themselves, and a peer that
    /// writes before it reads on, as an echo does, would wait forever.
    /// </summary>
    public bool BlocksReading { get; private set; }

    /// <summary>Whether it is exceeded with so many bytes unsent.</summary>
    public bool IsExceededBy(int unsent) => unsent > (IsExceeded ? Bytes / 2 : Bytes);

    /// <summary>Notes bytes among the output that do not answer the peer, but come from others.</summary>
    public void NoteForeign(int count) => _foreign += count;

    /// <summary>Notes the number of bytes that the kernel has not taken.</summary>
    public void Note(int unsent)
    {
        _foreign = Math.Min(_foreign, unsent);
        IsExceeded = IsExceededBy(unsent);
        BlocksReading = IsExceeded && (BlocksReading || unsent - _foreign > Bytes);
    }
}
