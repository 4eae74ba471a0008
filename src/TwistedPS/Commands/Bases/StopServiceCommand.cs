using System.Management.Automation;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Stops services of a kind, and waits for them a while.</summary>
/// <typeparam name="T">The kind.</typeparam>
public abstract class StopServiceCommand<T> : TwistedCommand
    where T : Service
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1);

    private readonly List<T> _services = [];

    /// <summary>Those that the pipeline has brought now.</summary>
    private protected abstract T[] Services { get; }

    /// <summary>How long connections and handlers have to end; then they are aborted. 5 s by default.</summary>
    [Parameter]
    [TimeoutTransformation]
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        _services.AddRange(Services.Where(service => ShouldProcess(service.Description)));

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // All are asked before the first is waited for, so that their drain times run side by side.
        (T Service, Task Ended)[] stopping = [.. _services.Select(service => (service, EndAsync(service)))];
        foreach ((T service, Task ended) in stopping)
            WaitForStop(service, ended);
    }

    private protected virtual Task EndAsync(T service) => service.EndAsync(DrainTime);

    private void WaitForStop(T service, Task ended)
    {
        // Once its reactor is gone there is nothing left of it; in a handler, it stops when the handler is done.
        if (service.Reactor.IsStopped || service.Reactor.IsCurrent)
            return;
        ReactorHost host = HostOf(service.Reactor);
        while (!WaitFor(host, ended, DrainTime + s_grace, $"Stopping {service}", ""))
        {
            if (service.Reactor.Watch.Current is { Handler: var held } && held.Owner == service)
            {
                WriteWarning($"{held} did not end within the drain time and is interrupted.");
                host.Interrupt();
            }
        }
    }
}
