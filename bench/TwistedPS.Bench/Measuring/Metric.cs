namespace TwistedPS.Bench;

/// <summary>A quantity that is measured.</summary>
internal enum Metric
{
    LinesPerSecond,
    ConnectionsPerSecond,

    /// <summary>Megabytes of replies, line breaks included.</summary>
    MegabytesPerSecond,

    /// <summary>Microseconds from sending a line to receiving the last byte of its reply.</summary>
    P50,
    P90,
    P99,

    /// <summary>CPU time of the server in the measured time, user and system; 1 is one core.</summary>
    Cores,

    /// <summary>Microseconds of the server's CPU time.</summary>
    CpuPerLine,

    /// <summary>Resident memory of the server under load, in megabytes.</summary>
    Memory,

    /// <summary>Bytes of resident memory above those at rest, for each idle connection.</summary>
    BytesPerConnection,

    /// <summary>P99 of the active connection while only ten are open.</summary>
    P99OfTen,

    /// <summary>CPU time of the server while nothing at all happens.</summary>
    IdleCores,

    /// <summary>Seconds until all clients of a cluster hear each other again.</summary>
    ReturnTime,
}
