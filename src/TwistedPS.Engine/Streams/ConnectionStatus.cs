namespace TwistedPS;

/// <summary>Where a connection is in its life.</summary>
public enum ConnectionStatus
{
    /// <summary>Lines travel.</summary>
    Open,

    /// <summary>It was told to close, and sends what is left.</summary>
    Closing,

    /// <summary>It is gone.</summary>
    Closed,
}
