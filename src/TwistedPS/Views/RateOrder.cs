namespace TwistedPS.Views;

/// <summary>The figure by which Watch-Reactor sorts: names from A to Z, all others with the highest first.</summary>
public enum RateOrder
{
    /// <summary>The name.</summary>
    Name,

    /// <summary>What is received a second.</summary>
    In,

    /// <summary>What is sent a second.</summary>
    Out,

    /// <summary>The bytes received and sent a second.</summary>
    Bytes,

    /// <summary>The number of peers.</summary>
    Peers,

    /// <summary>The time that 99 of 100 calls of its handlers did not exceed.</summary>
    P99,

    /// <summary>The share of time that its handlers took.</summary>
    Load,

    /// <summary>The number of errors.</summary>
    Errors,
}
