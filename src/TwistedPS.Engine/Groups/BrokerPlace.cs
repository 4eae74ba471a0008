namespace TwistedPS.Engine.Groups;

/// <summary>Where a broker is, and the credentials for it.</summary>
/// <param name="Scheme">The scheme of its address, such as <c>nats</c>, in lower case.</param>
/// <param name="Host">Its host.</param>
/// <param name="Port">Its port; -1 for the default one of its kind.</param>
internal sealed record BrokerPlace(string Scheme, string Host, int Port)
{
    /// <summary>The user; null for none.</summary>
    public string? User { get; init; }

    /// <summary>The password of the user; without a user, a token; null for neither.</summary>
    public string? Password { get; init; }

    /// <summary>The name of the node, for the broker's own lists.</summary>
    public string Node { get; init; } = "";
}
