namespace TwistedPS;

/// <summary>The way a reactor waits for its sockets.</summary>
public enum PollerKind
{
    /// <summary>The best one for this system: <see cref="Epoll"/> on Linux, <see cref="Pool"/> elsewhere.</summary>
    Auto,

    /// <summary>Linux's epoll, on the reactor's own thread.</summary>
    Epoll,

    /// <summary>.NET's own sockets, whose thread pool reports readiness. Works everywhere.</summary>
    Pool,
}
