namespace TwistedPS.Bench;

/// <summary>A load for a handler whose body can also be run without a server.</summary>
internal sealed class HandlerLoad(Handler handler, Func<Script> makeScript) : ILoad
{
    private readonly ManyAtOnce _served = new(50, 64, makeScript, handler);

    public Handler Handler => handler;

    public int Connections => _served.Connections;

    /// <summary>The lines for the handler.</summary>
    public Script Script => makeScript();

    public Figures Run(ServerProcess server, Timing timing) => _served.Run(server, timing);
}
