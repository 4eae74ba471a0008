using System.Management.Automation;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>How Receive-Line and Send-Line -Receive wait for lines.</summary>
public abstract class LineReceivingCommand : TwistedCommand
{
    /// <summary>How many lines to receive; 1 by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    /// <summary>
    /// Receive up to and with the line that equals this text, or for which this scriptblock is true of $_.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public object? Until { get; set; }

    /// <summary>How long to wait in all; without limit by default.</summary>
    [Parameter]
    [TimeoutTransformation]
    public TimeSpan? Timeout { get; set; }

    private protected bool IsUnlimited { get; set; }

    /// <summary>Outputs lines as they come. What has been received stays received, whatever ends it.</summary>
    /// <returns>False if an error was written.</returns>
    private protected bool ReceiveLines(LineClient client)
    {
        if (!client.IsQueued)
        {
            WriteError(Errors.HandlesItsLines(client));
            return false;
        }

        if (client.Reactor.IsCurrent)
            ThrowTerminatingError(Errors.WouldDeadlock(MyInvocation.MyCommand.Name, "Give the client an -OnLine handler instead."));

        long start = TimeProvider.System.GetTimestamp();
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(CancelToken);
        try
        {
            for (int received = 0; IsUnlimited || Until is not null || received < Count; received++)
            {
                if (!TryReceive(client, start, received, out string line, wait.Token))
                    return false;
                WriteObject(line);
                if (IsLast(line))
                    return true;
            }

            return true;
        }
        finally
        {
            wait.Cancel();
        }
    }

    private bool TryReceive(LineClient client, long start, int received, out string line, CancellationToken cancel)
    {
        while (!client.TryReceive(out line))
        {
            CancelToken.ThrowIfStopped();
            TimeSpan? left = Timeout - TimeProvider.System.GetElapsedTime(start);
            Task<bool> more = client.WaitForMessageAsync(cancel);
            if (left < TimeSpan.Zero || !WaitFor(HostOf(client.Reactor), more, left, $"Waiting for {client}", ""))
            {
                WriteError(Errors.ReceiveTimeout(client, Timeout!.Value, received));
                return false;
            }

            if (!more.Result && !client.TryReceive(out line))
            {
                if (!IsUnlimited)
                    WriteError(Errors.NotConnected(client, EndOf(client, received)));
                return false;
            }
        }

        return true;
    }

    private bool IsLast(string line) => Until switch
    {
        null => false,
        ScriptBlock script => LanguagePrimitives.IsTrue(
            script.InvokeWithContext((Dictionary<string, ScriptBlock>?)null, [new PSVariable("_", line)])),
        _ => line == LanguagePrimitives.ConvertTo<string>(Until),
    };

    private static string EndOf(LineClient client, int received)
    {
        string end = client.Connection is { } connection
            ? $"The connection of {client} has ended: {Endpoint.Describe(connection.CloseReason, connection.CloseError)}"
            : $"The {client} is not connected";
        return received > 0 ? $"{end}, after {received} lines." : $"{end}.";
    }
}
