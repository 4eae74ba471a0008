namespace TwistedPS;

/// <summary>The state of a client.</summary>
public enum ClientStatus
{
    /// <summary>Not connected.</summary>
    Disconnected,

    /// <summary>Looking up the host, or waiting for its answer.</summary>
    Connecting,

    /// <summary>Connected.</summary>
    Connected,

    /// <summary>Waiting to connect again.</summary>
    Waiting,
}
