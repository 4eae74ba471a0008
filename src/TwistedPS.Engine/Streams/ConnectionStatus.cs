namespace TwistedPS;

/// <summary>The state of a connection.</summary>
public enum ConnectionStatus
{
    /// <summary>Open.</summary>
    Open,

    /// <summary>Told to close, and sending the output that is left.</summary>
    Closing,

    /// <summary>Gone.</summary>
    Closed,
}
