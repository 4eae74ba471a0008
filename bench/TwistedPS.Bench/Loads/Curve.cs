namespace TwistedPS.Bench;

/// <summary>What grows from one load to the next.</summary>
internal enum Curve
{
    None,
    Connections,
    Length,
}
