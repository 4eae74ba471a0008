using TwistedPS.Engine.Services;
using TwistedPS.Engine.Streams;

namespace TwistedPS;

// The part of its server or client that it belongs to.
public abstract partial class Connection
{
    internal ServicePart Part { get; }

    /// <summary>The reactor that runs its handlers, one of its owner's.</summary>
    internal Reactor Reactor => Part.Reactor;

    Reactor ICallTarget.Reactor => Reactor;
}
