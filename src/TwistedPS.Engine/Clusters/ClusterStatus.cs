namespace TwistedPS;

/// <summary>The state of the connection to a cluster.</summary>
public enum ClusterStatus
{
    /// <summary>In no cluster: messages stay within the process.</summary>
    Alone,

    /// <summary>Connected to the broker.</summary>
    Connected,

    /// <summary>The connection is lost, and is made again as soon as there is a broker.</summary>
    Reconnecting,
}
