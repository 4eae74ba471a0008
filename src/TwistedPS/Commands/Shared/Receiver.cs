namespace TwistedPS.Commands;

/// <summary>Receives messages of a client for a cmdlet.</summary>
/// <typeparam name="TMessage">Lines are strings; data are bytes.</typeparam>
internal sealed class Receiver<TMessage>(TwistedCommand cmdlet, MessageClient<TMessage> client)
{
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private int _received;
    private bool _endedWell;

    /// <summary>The time for all messages; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether to go on until the connection ends, whose end is no error then.</summary>
    public bool IsUnlimited { get; init; }

    /// <summary>What a handler has to use instead.</summary>
    public required string Instead { get; init; }

    /// <summary>Receives message after message until one is the last. What has been received stays received.</summary>
    /// <param name="use">Uses a message; true ends it.</param>
    /// <returns>False if an error was written; an end that is none is no error.</returns>
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
