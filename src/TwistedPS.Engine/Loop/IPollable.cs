using System.Net.Sockets;

namespace TwistedPS.Engine.Loop;

/// <summary>A socket that a poller watches. Called on the loop's thread only.</summary>
internal interface IPollable
{
    Socket Socket { get; }

    bool IsListener { get; }

    /// <summary>Output that the kernel has not taken yet; a poller that can't ask for writability sends it itself.</summary>
    ReadOnlySpan<byte> Unsent { get; }

    /// <param name="ready">What the socket is ready for.</param>
    /// <param name="sent">How many bytes of <see cref="Unsent"/> the poller has sent already.</param>
    void OnReady(Interest ready, int sent);
}
