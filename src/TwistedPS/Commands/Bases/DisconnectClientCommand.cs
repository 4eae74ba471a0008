using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Sends pending data, closes the connections of clients, and waits for their end.</summary>
/// <typeparam name="T">The type of the services.</typeparam>
public abstract class DisconnectClientCommand<T> : TwistedCommand
    where T : Client
{
    private readonly List<(T Client, Task Disconnected)> _disconnecting = [];

    /// <summary>The clients, or their numbers or names.</summary>
    public abstract Alive<T>[] Client { get; set; }

    /// <summary>The time for the peer to close too, after which the connection is dropped; 5 s by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (T client in this.Find(Client).Where(client => !client.Reactor.IsStopped && ShouldProcess(client.Description)))
            _disconnecting.Add((client, client.DisconnectAsync(DrainTime)));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // All were asked before the first wait, so that their drain times run in parallel.
        foreach ((T client, Task disconnected) in _disconnecting)
        {
            if (!client.Reactor.IsStopped && !client.Reactor.IsCurrent)
                Wait(HostOf(client.Reactor), disconnected, client);
        }
    }

    private void Wait(ReactorHost host, Task disconnected, T client)
    {
        WaitFor(host, disconnected, null, $"Disconnecting {client}", "");
        if (host is ForegroundReactor { Reactor: { IsStopped: false, IsRunning: false } } foreground)
            foreground.RunUntilIdle(this, CancelToken);
    }
}
