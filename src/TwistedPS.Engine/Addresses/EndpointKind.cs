namespace TwistedPS.Engine.Addresses;

/// <summary>The wire of an endpoint string.</summary>
internal enum EndpointKind
{
    /// <summary>TCP.</summary>
    Tcp,

    /// <summary>TLS over TCP.</summary>
    Tls,

    /// <summary>A UNIX socket.</summary>
    Unix,

    /// <summary>UDP.</summary>
    Udp,
}
