using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Transports;

/// <summary>Connections that never leave the process.</summary>
internal static class MemoryPair
{
    /// <summary>Makes both ends of a connection.</summary>
    /// <param name="loop">The loop of both ends.</param>
    /// <param name="largestRead">The most bytes that arrive at once.</param>
    public static (Transport Near, Transport Far) Create(EventLoop loop, int largestRead = MemoryCarrier.Capacity)
    {
        (MemoryCarrier near, MemoryCarrier far) = MemoryCarrier.CreatePair(loop, largestRead);
        return (new Transport(loop, near), new Transport(loop, far));
    }
}
