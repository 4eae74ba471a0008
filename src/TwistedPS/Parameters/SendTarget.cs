namespace TwistedPS.Parameters;

/// <summary>What a cmdlet's caller gives to send to: a client, its number or name, a connection, or a group of connections.</summary>
/// <param name="given">The object, its number or name.</param>
public sealed class SendTarget(object given)
{
    /// <summary>The object, its number or name.</summary>
    internal object Identity => given;

    /// <summary>Returns what was given, as text.</summary>
    public override string ToString() => $"{Identity}";
}
