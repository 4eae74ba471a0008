using System.Net.Sockets;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Carriers;

/// <summary>
/// The carrier of a transport's bytes: a socket, memory, or a wrapper of another carrier, such as TLS. It is next to the
/// socket, or knows the one that is, so it keeps the unsent bytes. On the loop's thread only.
/// </summary>
internal interface ICarrier
{
    Address LocalAddress { get; }

    Address RemoteAddress { get; }

    /// <summary>The bytes still to be sent, oldest first.</summary>
    PooledBuffer Unsent { get; }

    /// <summary>The number of bytes that the kernel has not taken, those of carriers beneath included.</summary>
    int UnsentBytes => Unsent.Length;

    /// <summary>Whether <see cref="Send"/> has something to send now.</summary>
    bool HasOutput => Unsent.Length > 0;

    /// <summary>Whether it has output that it keeps back itself for now, though the kernel would take it.</summary>
    bool IsHeldBack => false;

    /// <summary>Whether it must read for its own sake, whether or not anybody wants data.</summary>
    bool MustRead => false;

    /// <summary>
    /// The reason for which it can carry nothing more, if that is not the network's; what it has left to send, it still sends. An
    /// <see cref="EndOfStreamException"/> says that the peer's data may have been cut off.
    /// </summary>
    Exception? Failure => null;

    /// <summary>
    /// Called with the readiness that <see cref="Watch"/> requested and the number of bytes sent meanwhile.
    /// </summary>
    Action<Interest, int>? Ready { get; set; }

    /// <returns>The number of bytes received; 0 at the end of the stream.</returns>
    int Receive(Memory<byte> buffer, out SocketError error);

    /// <summary>Sends as much as fits from the front of the unsent bytes.</summary>
    /// <returns>The number of bytes sent.</returns>
    int Send(out SocketError error);

    /// <summary>Forgets the unsent bytes, those of carriers beneath included: nobody receives them any more.</summary>
    void DropOutput() => Unsent.Release();

    /// <summary>Adds to the unsent bytes what tells the peer that no more will come; for carriers that have words for it.</summary>
    void FinishOutput()
    {
    }

    /// <summary>Tells the peer that no more bytes will come.</summary>
    void EndSending();

    void Watch(Interest interest);

    /// <summary>Notes that what is received from now on is dropped, so that it need not be held back any more.</summary>
    void IgnoreInput()
    {
    }

    /// <summary>Puts a carrier around it; one that has to stay outermost puts it around the carrier beneath.</summary>
    /// <returns>The outermost carrier then.</returns>
    ICarrier Wrap(Func<ICarrier, ICarrier> wrap) => wrap(this);

    /// <param name="abort">Whether to drop the connection at once instead of leaving the rest to the kernel.</param>
    void Dispose(bool abort);
}
