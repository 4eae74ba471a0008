using TwistedPS.Engine.Carriers;
using TwistedPS.Engine.Loop;

namespace TwistedPS.Engine.Policies;

/// <summary>
/// The limits of the bytes a second of a service: of each connection, and of all of them together, each way by itself
/// (Twisted's <c>ThrottlingFactory</c>).
/// </summary>
internal sealed class Throttle
{
    private readonly EventLoop _loop;
    private readonly int? _each;
    private readonly ByteBudget[] _input;
    private readonly ByteBudget[] _output;

    private Throttle(EventLoop loop, int? each, int? all)
    {
        (_loop, _each) = (loop, each);
        (_input, _output) = (Budgets(all), Budgets(all));
    }

    /// <summary>Returns the throttle for limits, null for none; null if there are none at all.</summary>
    /// <param name="loop">The loop of the connections.</param>
    /// <param name="each">The limit of each connection.</param>
    /// <param name="all">The limit of all connections together.</param>
    public static Throttle? Of(EventLoop loop, int? each, int? all) =>
        each is null && all is null ? null : new Throttle(loop, each, all);

    /// <summary>Throttles a connection.</summary>
    public ICarrier Wrap(ICarrier carrier) =>
        new ThrottledCarrier(carrier, [.. Budgets(_each), .. _input], [.. Budgets(_each), .. _output]);

    private ByteBudget[] Budgets(int? limit) => limit is { } rate ? [new ByteBudget(_loop, rate)] : [];
}
