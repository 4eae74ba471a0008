namespace TwistedPS;

/// <summary>Why a connection ended. Set once, by whatever ended it first (Twisted's <c>reason</c> of connectionLost).</summary>
public enum CloseReason
{
    /// <summary>It is open.</summary>
    None,

    /// <summary>Either side closed it in good order.</summary>
    Done,

    /// <summary>The network or the peer dropped it: a reset, a time-out of TCP, a host that went away.</summary>
    Lost,

    /// <summary>This side dropped it without waiting for unsent output.</summary>
    Aborted,

    /// <summary>Nothing came or went for the idle timeout.</summary>
    TimedOut,

    /// <summary>It came in over the limit of connections.</summary>
    Refused,

    /// <summary>A handler threw.</summary>
    HandlerError,

    /// <summary>A line was longer than allowed.</summary>
    LineTooLong,

    /// <summary>A message was longer than allowed.</summary>
    MessageTooLong,

    /// <summary>What came was not framed as it has to be.</summary>
    InvalidMessage,

    /// <summary>It did not read, and a broadcast would have exceeded the limit of unsent output.</summary>
    SlowReader,

    /// <summary>The server was stopped.</summary>
    ServerStopped,
}
