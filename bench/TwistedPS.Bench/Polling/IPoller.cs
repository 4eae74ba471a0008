using System.Net.Sockets;

namespace TwistedPS.Bench;

/// <summary>A poller of sockets that may have become ready to receive or to send.</summary>
internal interface IPoller : IDisposable
{
    /// <summary>Watches a socket, identified by a number from then on.</summary>
    void Add(Socket socket, int number);

    /// <summary>Watches a socket no longer, which is to be closed.</summary>
    void Remove(Socket socket);

    /// <returns>The numbers of sockets to try, valid until the next call; none after the timeout.</returns>
    ReadOnlySpan<int> Wait(int milliseconds);
}
