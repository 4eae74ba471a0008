using System.Management.Automation;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>How cmdlets wait for what a client receives.</summary>
/// <typeparam name="TMessage">Lines are strings; data are bytes.</typeparam>
public abstract class ReceivingCommand<TMessage> : TwistedCommand
{
    private long _start;
    private bool _endedWell;

    /// <summary>How long to wait in all; without limit by default.</summary>
    [Parameter]
    [TimeoutTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Whether to go on until the connection ends, whose end is no error then.</summary>
    private protected bool IsUnlimited { get; set; }

    /// <summary>What a handler has to use instead.</summary>
    private protected abstract string Instead { get; }

    /// <summary>Receives message after message until one is the last. What has been received stays received.</summary>
    /// <param name="client">Where to receive.</param>
    /// <param name="use">Uses a message; true ends it.</param>
    /// <returns>False if an error was written; an end that is none is no error.</returns>
    private protected bool ReceiveUntil(MessageClient<TMessage> client, Func<TMessage, bool> use)
    {
        if (!client.IsQueued)
        {
            WriteError(Errors.HandlerReceives(client));
            return false;
        }

        if (client.Reactor.IsCurrent)
            ThrowTerminatingError(Errors.WouldDeadlock(MyInvocation.MyCommand.Name, Instead));

        _endedWell = false;
        _start = TimeProvider.System.GetTimestamp();
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(CancelToken);
        try
        {
            int received = 0;
            while (TryReceive(client, received, out TMessage message, wait.Token))
            {
                received++;
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

    private bool TryReceive(MessageClient<TMessage> client, int received, out TMessage message, CancellationToken cancel)
    {
        while (!client.TryReceive(out message))
        {
            CancelToken.ThrowIfStopped();
            TimeSpan? left = Timeout - TimeProvider.System.GetElapsedTime(_start);
            Task<bool> more = client.WaitForMessageAsync(cancel);
            if (left < TimeSpan.Zero || !WaitFor(HostOf(client.Reactor), more, left, $"Waiting for {client}", ""))
            {
                WriteError(Errors.ReceiveTimeout(client, Timeout!.Value, received));
                return false;
            }

            if (!more.Result && !client.TryReceive(out message))
            {
                _endedWell = IsUnlimited && client.Connection is { CloseReason: CloseReason.Done or CloseReason.Aborted };
                if (!_endedWell)
                    WriteError(Errors.NotConnected(client, EndOf(client, received)));
                return false;
            }
        }

        return true;
    }

    private static string EndOf(Client client, int received)
    {
        string end = client.Connection is { } connection
            ? $"The connection of {client} has ended: {NetworkService.Describe(connection.CloseReason, connection.CloseError)}"
            : $"The {client} is not connected";
        return received > 0 ? $"{end}, after {received} messages." : $"{end}.";
    }
}
