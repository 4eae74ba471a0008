namespace TwistedPS;

/// <summary>Where a client is in its life.</summary>
public enum ClientStatus
{
    /// <summary>Not connected.</summary>
    Disconnected,

    /// <summary>Looking up the host, or waiting for its answer.</summary>
    Connecting,

    /// <summary>Messages travel.</summary>
    Connected,

    /// <summary>Waiting until it is time to connect again.</summary>
    Waiting,
}
