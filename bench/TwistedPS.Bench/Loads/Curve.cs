namespace TwistedPS.Bench;

/// <summary>The curves, each named by the quantity that grows from one load to the next.</summary>
internal enum Curve
{
    None,
    Connections,
    Length,
}
