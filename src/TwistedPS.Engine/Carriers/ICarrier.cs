using System.Net.Sockets;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Carriers;

/// <summary>
/// What carries the bytes of a transport: a socket, memory, or another carrier that it wraps. It is next to the socket, or
/// knows what is, so it keeps what is not sent yet. On the loop's thread only.
/// </summary>
internal interface ICarrier
{
    Address LocalAddress { get; }

    Address RemoteAddress { get; }

    /// <summary>Bytes to be sent, oldest first.</summary>
    PooledBuffer Unsent { get; }

    /// <summary>Told what it is ready for, of what <see cref="Watch"/> asks for, and how many unsent bytes have been sent meanwhile.</summary>
    Action<Interest, int>? Ready { get; set; }

    /// <returns>The number of bytes, 0 at the end of the stream.</returns>
    int Receive(Span<byte> buffer, out SocketError error);

    /// <summary>Sends from the front of the unsent bytes what fits.</summary>
    /// <returns>The number of bytes.</returns>
    int Send(out SocketError error);

    /// <summary>Tells the peer that nothing more will come.</summary>
    void EndSending();

    void Watch(Interest interest);

    /// <param name="abort">Drop it at once instead of leaving the rest to the kernel.</param>
    void Dispose(bool abort);
}
