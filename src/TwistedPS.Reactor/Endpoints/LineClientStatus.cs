namespace TwistedPS;

/// <summary>Where a line client is in its life.</summary>
public enum LineClientStatus
{
    /// <summary>Not connected.</summary>
    Disconnected,

    /// <summary>Looking up the host, or waiting for its answer.</summary>
    Connecting,

    /// <summary>Lines travel.</summary>
    Connected,
}
