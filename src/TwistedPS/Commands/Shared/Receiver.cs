using System.Management.Automation;
using TwistedPS.Engine.Streams;

namespace TwistedPS.Commands;

/// <summary>A receiver of a client's messages, or of those of a conversation, for a cmdlet.</summary>
/// <typeparam name="TMessage">A string for lines, an array of bytes for data.</typeparam>
internal sealed class Receiver<TMessage>(TwistedCommand cmdlet, IMessageSource<TMessage> source)
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
        if (source is { Client: { } client, IsQueued: false })
        {
            cmdlet.WriteError(Errors.HandlerReceives(client));
            return false;
        }

        if (source.Reactor.IsCurrent)
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
        while (!source.TryReceive(out message))
        {
            cmdlet.CancelToken.ThrowIfStopped();
            TimeSpan? left = Timeout - TimeProvider.System.GetElapsedTime(_start);
            Task<bool> more = source.WaitForMessageAsync(cancel);
            if (left < TimeSpan.Zero || !cmdlet.WaitFor(cmdlet.HostOf(source.Reactor), more, left, $"Waiting for {Target}", ""))
            {
                return Fail(Errors.ReceiveTimeout(Target, Timeout!.Value, _received));
            }

            if (!more.Result)
                return source.TryReceive(out message) || End();
        }

        return true;
    }

    // In a conversation nothing more can be received, and to go on without what was asked for would be an error.
    private bool EndsConversation => source.Client is null;

    /// <summary>What an error is about: a client, or the connection to the peer of a conversation.</summary>
    public object Target => (object?)source.Client ?? source.Connection!;

    /// <summary>Writes an error; in a conversation it ends the cmdlet, unless -ErrorAction says otherwise.</summary>
    /// <returns>False.</returns>
    public bool Fail(ErrorRecord error)
    {
        if (EndsConversation && !cmdlet.MyInvocation.BoundParameters.ContainsKey("ErrorAction"))
            cmdlet.ThrowTerminatingError(error);
        cmdlet.WriteError(error);
        return false;
    }

    /// <returns>False.</returns>
    private bool End()
    {
        _endedWell = IsUnlimited && (EndsConversation || source.Connection is { CloseReason: CloseReason.Done or CloseReason.Aborted });
        if (!_endedWell && EndsConversation)
            cmdlet.ThrowTerminatingError(Errors.ConversationEnded(source.Connection!));
        if (!_endedWell)
            cmdlet.WriteError(Errors.NotConnected(Target, DescribeEnd()));
        return false;
    }

    private string DescribeEnd()
    {
        string end = source.Connection is { } connection
            ? $"The connection of {Target} has ended: {connection.DescribeEnd()}"
            : $"The {Target} is not connected";
        return _received > 0 ? $"{end}, after {_received} messages." : $"{end}.";
    }
}
