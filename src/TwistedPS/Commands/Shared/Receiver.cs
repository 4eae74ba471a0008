namespace TwistedPS.Commands;

/// <summary>A receiver of a client's messages for a cmdlet.</summary>
/// <typeparam name="TMessage">A string for lines, an array of bytes for data.</typeparam>
internal sealed class Receiver<TMessage>(TwistedCommand cmdlet, MessageClient<TMessage> client)
{
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private int _received;
    private bool _endedWell;

    /// <summary>The time limit for all messages; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether to go on until the connection ends; its end is then no error.</summary>
    public bool IsUnlimited { get; init; }

    /// <summary>The alternative for handlers, which the error names.</summary>
    public required string Instead { get; init; }

    /// <summary>Receives messages until one is the last. Received messages are not put back.</summary>
    /// <param name="use">Called with each message; returns true to end.</param>
    /// <returns>False if an error was written.</returns>
    public bool ReceiveUntil(Func<TMessage, bool> use)
    {
        if (!client.IsQueued)
        {
            cmdlet.WriteError(Errors.HandlerReceives(client));
            return false;
        }

        if (client.Reactor.IsCurrent)
            cmdlet.ThrowTerminatingError(Errors.WouldDeadlock(cmdlet.CommandName, Instead));

        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cmdlet.CancelToken);
        try
        {
            while (TryReceive(out TMessage message, wait.Token))
            {
                _received++;
                if (use(message))
                    return true;
            }

            return _endedWell;
        }
        finally
        {
            wait.Cancel();
        }
    }

    private bool TryReceive(out TMessage message, CancellationToken cancel)
    {
        while (!client.TryReceive(out message))
        {
            cmdlet.CancelToken.ThrowIfStopped();
            TimeSpan? left = Timeout - TimeProvider.System.GetElapsedTime(_start);
            Task<bool> more = client.WaitForMessageAsync(cancel);
            if (left < TimeSpan.Zero || !cmdlet.WaitFor(cmdlet.HostOf(client.Reactor), more, left, $"Waiting for {client}", ""))
            {
                cmdlet.WriteError(Errors.ReceiveTimeout(client, Timeout!.Value, _received));
                return false;
            }

            if (!more.Result)
                return client.TryReceive(out message) || End();
        }

        return true;
    }

    /// <returns>False.</returns>
    private bool End()
    {
        _endedWell = IsUnlimited && client.Connection is { CloseReason: CloseReason.Done or CloseReason.Aborted };
        if (!_endedWell)
            cmdlet.WriteError(Errors.NotConnected(client, DescribeEnd()));
        return false;
    }

    private string DescribeEnd()
    {
        string end = client.Connection is { } connection
            ? $"The connection of {client} has ended: {NetworkService.Describe(connection.CloseReason, connection.CloseError)}"
            : $"The {client} is not connected";
        return _received > 0 ? $"{end}, after {_received} messages." : $"{end}.";
    }
}
