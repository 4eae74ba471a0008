namespace TwistedPS;

/// <summary>
/// The reason for the end of a connection. Set once, by the first cause (Twisted's <c>reason</c> of <c>connectionLost</c>).
/// </summary>
public enum CloseReason
{
    /// <summary>The connection is open.</summary>
    None,

    /// <summary>An orderly close by either side.</summary>
    Done,

    /// <summary>A drop by the network or the peer: a reset, a TCP timeout, a host that went away.</summary>
    Lost,

    /// <summary>A drop by this side, without waiting for unsent output.</summary>
    Aborted,

    /// <summary>No traffic for the time of the idle timeout.</summary>
    TimedOut,

    /// <summary>A connection over a limit, or from an address that is not allowed.</summary>
    Refused,

    /// <summary>An error of a handler.</summary>
    HandlerError,

    /// <summary>A line longer than allowed.</summary>
    LineTooLong,

    /// <summary>A message longer than allowed.</summary>
    MessageTooLong,

    /// <summary>Data with invalid framing.</summary>
    InvalidMessage,

    /// <summary>A peer that did not read, so that the limit of unsent output would have been exceeded by something that can't wait.</summary>
    SlowReader,

    /// <summary>A stop of the server.</summary>
    ServerStopped,

    /// <summary>A TLS handshake that failed, or data of the peer that is no TLS.</summary>
    TlsFailed,

    /// <summary>The end of the time that the connection may last.</summary>
    TimeLimit,
}
