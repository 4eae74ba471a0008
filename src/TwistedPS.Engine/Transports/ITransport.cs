using System.Net;
using TwistedPS.Engine.Carriers;

namespace TwistedPS.Engine.Transports;

/// <summary>What a protocol may do to its connection (Twisted's <c>ITransport</c>). On the reactor's thread only.</summary>
internal interface ITransport
{
    Reactor Reactor { get; }

    EndPoint? LocalEndPoint { get; }

    EndPoint? RemoteEndPoint { get; }

    /// <summary>Not yet told to close.</summary>
    bool IsOpen { get; }

    long BytesIn { get; }

    long BytesOut { get; }

    int UnsentBytes { get; }

    /// <summary>More output is unsent than <see cref="SendBufferLimit"/> allows; nothing is read meanwhile.</summary>
    bool IsWriteBlocked { get; }

    /// <summary>In bytes.</summary>
    int SendBufferLimit { get; set; }

    /// <summary>When a byte last came or went, in timestamps of the reactor's clock.</summary>
    long LastActivity { get; }

    /// <summary>How long a close may wait for the peer, before it becomes an abort.</summary>
    TimeSpan DrainTime { get; set; }

    /// <summary>Output to write to; sent at the end of the turn. Ignored once the transport is told to close.</summary>
    PooledBuffer? Output { get; }

    /// <summary>Sends now what is gathered, as far as the kernel takes it.</summary>
    void Flush();

    void PauseReading();

    void ResumeReading();

    /// <summary>Sends what is gathered, says that no more will come, waits for the peer to do the same, and ends.</summary>
    void Close(CloseReason reason, Exception? error = null);

    /// <summary>Ends now, whatever is unsent.</summary>
    void Abort(CloseReason reason, Exception? error = null);
}
