using System.Management.Automation;
using System.Net.Sockets;
using TwistedPS.Completers;
using TwistedPS.Parameters;

namespace TwistedPS.Commands;

/// <summary>Outputs datagrams that a server or client without a handler has received, and waits for them if needed.</summary>
/// <remarks>
/// Each datagram that it outputs has Data, Text and Peer, its sender, to which Send-Datagram answers; with -AsText it is the
/// text alone. Where the peer of a client has refused one, the error is ConnectionRefused, and beyond -Timeout it is
/// ReceiveTimeout. Both end the wait for more, after the datagrams that have come, but not the cmdlet.
/// </remarks>
[Cmdlet(VerbsCommunications.Receive, "Datagram", HelpUri = Pages + "Receive-Datagram.md")]
[OutputType(typeof(Datagram), typeof(string))]
public sealed class ReceiveDatagramCommand : TwistedCommand
{
    /// <summary>The clients or servers, or their numbers or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<DatagramService>]
    [ArgumentCompleter(typeof(ServiceCompleter<DatagramService>))]
    [Alias("Client", "Server")]
    public Alive<DatagramService>[] Socket { get; set; } = [];

    /// <summary>The number of datagrams; 1 by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    /// <summary>Outputs the text of each datagram alone, in the encoding of the client or server.</summary>
    [Parameter]
    public SwitchParameter AsText { get; set; }

    /// <summary>The longest time to wait in all; no limit by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    [Alias("TimeoutSec", "TimeoutSeconds")]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (DatagramService service in this.Find(Socket))
            Receive(service);
    }

    private void Receive(DatagramService service)
    {
        if (!service.IsQueued)
        {
            WriteError(Errors.HandlerReceives(service));
            return;
        }

        if (service.Reactor.IsCurrent)
            ThrowTerminatingError(Errors.WouldDeadlock(CommandName, "Give it an -OnDatagram handler instead."));
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(CancelToken);
        long start = TimeProvider.System.GetTimestamp();
        for (int received = 0; received < Count; received++)
        {
            if (Next(service, start, received, wait.Token) is not { } datagram)
                break;
            WriteObject(AsText ? datagram.Text : datagram);
        }

        wait.Cancel();
    }

    /// <returns>Null after an error is written.</returns>
    private Datagram? Next(DatagramService service, long start, int received, CancellationToken cancel)
    {
        object? next;
        while ((next = service.Inbox.TryReceive()) is null)
        {
            CancelToken.ThrowIfStopped();
            TimeSpan? left = Timeout - TimeProvider.System.GetElapsedTime(start);
            Task<bool> more = service.Inbox.WaitAsync(cancel);
            if (left < TimeSpan.Zero || !(more.IsCompleted || WaitFor(HostOf(service.Reactor), more, left, $"Waiting for {service}", "")))
            {
                WriteError(Errors.ReceiveTimeout(service, Timeout!.Value, received));
                return null;
            }

            if (!more.Result)
            {
                WriteError(Errors.NotConnected(service, $"The {service} has stopped."));
                return null;
            }
        }

        if (next is SocketException refusal)
            WriteError(Errors.DatagramFailed(refusal, service));
        return next as Datagram;
    }
}
