using System.Net.Sockets;

namespace TwistedPS.Engine.Loop;

/// <summary>Waits for sockets on behalf of a loop. Only <see cref="Wake"/> may be called from another thread.</summary>
internal interface IPoller : IDisposable
{
    void Add(IPollable target);

    /// <summary>Replaces what <paramref name="target"/> is watched for.</summary>
    void Watch(IPollable target, Interest interest);

    /// <summary>Forgets <paramref name="target"/>; to be called before its socket is disposed.</summary>
    void Remove(IPollable target);

    /// <summary>Takes one connection from a listener that is ready to read; null when there is none after all.</summary>
    /// <exception cref="SocketException">The system can't accept now, for example for want of descriptors.</exception>
    Socket? Accept(IPollable listener);

    /// <summary>Waits until something is ready, <see cref="Wake"/> is called, or the time is up.</summary>
    /// <param name="ready">Receives what is ready.</param>
    /// <param name="timeout">Milliseconds; -1 waits without limit.</param>
    /// <returns>How many entries of <paramref name="ready"/> are filled.</returns>
    int Wait(Span<Readiness> ready, int timeout);

    void Wake();
}
