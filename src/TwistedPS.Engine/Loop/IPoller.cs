using System.Net.Sockets;

namespace TwistedPS.Engine.Loop;

/// <summary>The way a loop waits for its sockets. Only <see cref="Wake"/> may be called from another thread.</summary>
internal interface IPoller : IDisposable
{
    /// <exception cref="SocketException">The system has no room for another socket to watch.</exception>
    void Add(IPollable target);

    /// <summary>Replaces the interest in <paramref name="target"/>.</summary>
    void Watch(IPollable target, Interest interest);

    /// <summary>Stops watching <paramref name="target"/>; to be called before its socket is disposed.</summary>
    void Remove(IPollable target);

    /// <summary>Accepts one connection from a listener that is ready to read; null if there is none after all.</summary>
    /// <exception cref="SocketException">The system can't accept now, for example for lack of descriptors.</exception>
    Socket? Accept(IPollable listener);

    /// <summary>Waits until a socket is ready, <see cref="Wake"/> is called, or the time runs out.</summary>
    /// <param name="ready">Receives the ready sockets.</param>
    /// <param name="timeout">The longest wait in milliseconds; -1 for no limit.</param>
    /// <returns>The number of filled entries of <paramref name="ready"/>.</returns>
    int Wait(Span<Readiness> ready, int timeout);

    void Wake();
}
