using System.Management.Automation;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Stops servers: unbinds, closes their connections, and waits for them a while.
/// </summary>
/// <typeparam name="T">The kind.</typeparam>
public abstract class StopServerCommand<T> : TwistedCommand
    where T : Service
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1);

    private readonly List<T> _servers = [];

    /// <summary>The servers, or their numbers or names.</summary>
    public abstract T[] Server { get; set; }

    /// <summary>How long connections and handlers have to end; then they are aborted. 5 s by default.</summary>
    [Parameter]
    [TimeoutTransformation]
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        _servers.AddRange(Server.Where(server => ShouldProcess(server.Description)));

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // All are asked before the first is waited for, so that their drain times run side by side.
        (T Server, Task Stopped)[] stopping = [.. _servers.Select(server => (server, server.EndAsync(DrainTime)))];
        foreach ((T server, Task stopped) in stopping)
            WaitForStop(server, stopped);
    }

    private void WaitForStop(T server, Task stopped)
    {
        // Once its reactor is gone there is nothing left of it; in a handler, it stops when the handler is done.
        if (server.Reactor.IsStopped || server.Reactor.IsCurrent)
            return;
        ReactorHost host = HostOf(server.Reactor);
        while (!WaitFor(host, stopped, DrainTime + s_grace, $"Stopping {server}", ""))
        {
            if (server.Reactor.Watch.Current is { } held && held.Owner == server)
            {
                WriteWarning($"{held} did not end within the drain time and is interrupted.");
                host.Interrupt();
            }
        }
    }
}
