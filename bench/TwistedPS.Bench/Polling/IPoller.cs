using System.Net.Sockets;

namespace TwistedPS.Bench;

/// <summary>Says which sockets may be ready to receive, or to send where they were not.</summary>
internal interface IPoller : IDisposable
{
    /// <summary>Watches a socket, known by its number from then on.</summary>
    void Add(Socket socket, int number);

    /// <returns>The numbers of sockets to try, valid until the next call; none after the timeout.</returns>
    ReadOnlySpan<int> Wait(int milliseconds);
}
