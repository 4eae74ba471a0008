using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Policies;

/// <summary>
/// The limits of the bytes a second of a service: of each connection, and of all of them together, each way by itself
/// (Twisted's <c>ThrottlingFactory</c>).
/// </summary>
internal sealed class Throttle
{
    private readonly int? _each;
    private readonly ByteBudget[] _input;
    private readonly ByteBudget[] _output;

    private Throttle(EventLoop loop, int? each, int? all)
    {
        _each = each;
        (_input, _output) = (Budgets(loop, all), Budgets(loop, all));
    }

    /// <summary>Returns the throttle for limits, null for none; null if there are none at all.</summary>
    /// <param name="loop">The loop of the service, whose clock counts the seconds.</param>
    /// <param name="each">The limit of each connection.</param>
    /// <param name="all">The limit of all connections together.</param>
    public static Throttle? Of(EventLoop loop, int? each, int? all) =>
        each is null && all is null ? null : new Throttle(loop, each, all);

    /// <summary>Throttles a connection.</summary>
    /// <param name="carrier">What carries its bytes.</param>
    /// <param name="loop">The loop of the connection, which may be another than that of the service.</param>
    public ICarrier Wrap(ICarrier carrier, EventLoop loop) =>
        new ThrottledCarrier(carrier, loop, [.. Budgets(loop, _each), .. _input], [.. Budgets(loop, _each), .. _output]);

    private static ByteBudget[] Budgets(EventLoop loop, int? limit) => limit is { } rate ? [new ByteBudget(loop, rate)] : [];
}
