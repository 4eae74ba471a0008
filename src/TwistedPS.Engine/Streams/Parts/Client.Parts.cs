using TwistedPS.Engine.Streams;

namespace TwistedPS;

// Its one part, and the handlers there.
public abstract partial class Client
{
    internal override ServicePart Part { get; }

    private IClientHandler? Handler => ConnectionHandler as IClientHandler;
}
