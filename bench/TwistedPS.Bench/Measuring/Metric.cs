namespace TwistedPS.Bench;

/// <summary>What is measured.</summary>
internal enum Metric
{
    LinesPerSecond,
    ConnectionsPerSecond,

    /// <summary>Of replies, the line breaks included.</summary>
    MegabytesPerSecond,

    /// <summary>Microseconds from sending a line to having received all of its reply.</summary>
    P50,
    P90,
    P99,

    /// <summary>CPU time of the server in the time measured, user and system: 1 is one core.</summary>
    Cores,

    /// <summary>Microseconds of the server's CPU time.</summary>
    CpuPerLine,

    /// <summary>Resident memory of the server under load, in megabytes.</summary>
    Memory,

    /// <summary>Bytes of resident memory more than at rest, for each idle connection.</summary>
    BytesPerConnection,

    /// <summary>P99 of the active connection while only ten are open.</summary>
    P99OfTen,

    /// <summary>CPU time of the server while nothing at all happens.</summary>
    IdleCores,
}
