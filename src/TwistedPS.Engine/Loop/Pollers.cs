using System.Net.Sockets;

namespace TwistedPS.Engine.Loop;

/// <summary>The choice of a poller.</summary>
internal static class Pollers
{
    /// <exception cref="PlatformNotSupportedException">Epoll was requested by name and is not available.</exception>
    /// <exception cref="SocketException">Epoll was requested by name, and the system forbids it or lacks descriptors.</exception>
    public static IPoller Create(PollerKind kind) => kind switch
    {
        PollerKind.Pool => new PoolPoller(),
        PollerKind.Epoll when !OperatingSystem.IsLinux() =>
            throw new PlatformNotSupportedException("Epoll is available only on Linux; use the poller Auto or Pool."),
        PollerKind.Epoll => new EpollPoller(),
        _ => OperatingSystem.IsLinux() ? EpollOrPool() : new PoolPoller(),
    };

    // A sandbox may forbid the system calls, or its C library have another name.
    private static IPoller EpollOrPool()
    {
        try
        {
            return new EpollPoller();
        }
        catch (Exception e) when (e is SocketException or DllNotFoundException or EntryPointNotFoundException)
        {
            return new PoolPoller();
        }
    }
}
