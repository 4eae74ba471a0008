namespace TwistedPS.Tests;

/// <summary>The carrier of a test's lines.</summary>
public enum Carrier
{
    Memory,
    Epoll,
    Pool,
    Unix,
    UnixPool,
}
