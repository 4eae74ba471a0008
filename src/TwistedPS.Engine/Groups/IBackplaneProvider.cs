namespace TwistedPS.Engine.Groups;

/// <summary>What makes the backplanes of a kind of broker. The class is <c>Provider</c> in the namespace of its assembly.</summary>
internal interface IBackplaneProvider
{
    /// <summary>Connects to a broker.</summary>
    /// <param name="place">Where it is, and who asks.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <exception cref="BackplaneException">The broker can't be reached, or refuses.</exception>
    Task<IBackplane> ConnectAsync(BrokerPlace place, CancellationToken cancel);
}
