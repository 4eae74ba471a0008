namespace TwistedPS.Tests;

/// <summary>What carries the lines of a test.</summary>
public enum Carrier
{
    Memory,
    Epoll,
    Pool,
}
