using System.Net.Sockets;

namespace TwistedPS.Engine.Loop;

/// <summary>A socket that a poller watches. Called on the loop's thread only.</summary>
internal interface IPollable
{
    Socket Socket { get; }

    bool IsListener { get; }

    /// <summary>The output that the kernel has not taken yet; a poller that can't watch for room sends it itself.</summary>
    ReadOnlySpan<byte> Unsent { get; }

    /// <param name="ready">The readiness of the socket.</param>
    /// <param name="sent">The number of bytes of <see cref="Unsent"/> that the poller has already sent.</param>
    void OnReady(Interest ready, int sent);

    /// <summary>Notes an error of a datagram socket that the poller's own receive has met: the kernel tells it only once.</summary>
    void NoteError(SocketError error)
    {
    }
}
