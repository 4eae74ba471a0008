namespace TwistedPS.Engine.Groups;

/// <summary>
/// What carries messages between nodes by their subjects, which <see cref="Subjects"/> describes. A message arrives at most
/// once, and those of one sender in the order in which it has published them. Members may be called from any thread and do
/// not wait.
/// </summary>
internal interface IBackplane : IDisposable
{
    /// <summary>The address of its broker, without credentials.</summary>
    string Address { get; }

    /// <summary>Whether what is published reaches the other nodes now.</summary>
    bool IsConnected { get; }

    /// <summary>
    /// Raised on any thread when the connection is lost, with false, and with true when it is there again: all subscriptions
    /// are then in force again.
    /// </summary>
    event Action<bool>? ConnectionChanged;

    /// <summary>Sends a message to all who have subscribed, this node included, and to one of each queue.</summary>
    /// <param name="subject">The subject, without wildcards.</param>
    /// <param name="payload">What it carries.</param>
    /// <param name="reply">
    /// The subject for a reply; null for none. If nobody has subscribed, <see cref="Payload.NoResponder"/> goes there.
    /// </param>
    /// <exception cref="BackplaneException">It is not connected, or the message is too long.</exception>
    void Publish(string subject, Payload payload, string? reply = null);

    /// <summary>Subscribes until the result is disposed. What is published here afterwards is heard, if it is connected.</summary>
    /// <param name="pattern">The subject, wildcards allowed but for the first word.</param>
    /// <param name="queue">The queue, each message to which goes to one member; null to get all messages.</param>
    /// <param name="received">Called with each message, one at a time, on any thread; it must not wait.</param>
    IDisposable Subscribe(string pattern, string? queue, Action<BackplaneMessage> received);

    /// <summary>Returns the values that all who open them by the same name share. It does not ask the broker yet.</summary>
    /// <param name="name">The name: letters, digits, - and _.</param>
    IStateStore OpenStore(string name);

    /// <summary>Completes when the broker has all that was published and subscribed before; fails if it can't be reached.</summary>
    Task FlushAsync(CancellationToken cancel);
}
