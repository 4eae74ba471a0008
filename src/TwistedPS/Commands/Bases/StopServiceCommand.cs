using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Engine.Services;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Stops services of a type, and waits up to -DrainTime for them.</summary>
/// <typeparam name="T">The type of the services.</typeparam>
public abstract class StopServiceCommand<T> : TwistedCommand
    where T : Service
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_interruptionLimit = TimeSpan.FromSeconds(3);

    private readonly List<T> _services = [];

    /// <summary>The services in the current pipeline input.</summary>
    private protected abstract Alive<T>[] Services { get; }

    /// <summary>The time for connections and handlers to end, after which they are aborted; 5 s by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [TimeoutTransformation]
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        _services.AddRange(this.Find(Services).Where(service => ShouldProcess(service.Description)));

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // All are asked to stop before the first wait, so that their drain times run in parallel.
        (T Service, Task Ended)[] stopping = [.. _services.Select(service => (service, EndAsync(service)))];
        foreach ((T service, Task ended) in stopping)
            WaitForStop(service, ended);
    }

    private protected virtual Task EndAsync(T service) => service.EndAsync(DrainTime);

    private void WaitForStop(T service, Task ended)
    {
        // Once its reactor has stopped, so has the service; in a handler or a conversation of it, it stops after that has ended.
        if (service.Reactor.IsStopped || service.CurrentReactor.IsCurrent || ConversationWork.Current?.Connection.Owner == service)
            return;
        ReactorHost host = HostOf(service.Reactor);
        string activity = $"Stopping {service}";
        if (WaitFor(host, ended, DrainTime + s_grace, activity, "") || CancelToken.IsCancellationRequested)
            return;
        HandlerCall? held = null;
        foreach (Reactor reactor in service.Reactors.Where(reactor => !reactor.IsStopped))
        {
            HandlerCall? running = reactor.Watch.Current?.Handler;
            held = running ?? held;
            if (running?.Owner != service)
                continue;
            WriteWarning($"{running} did not end within the drain time and was interrupted.");
            HostOf(reactor).Interrupt();
        }

        if (!WaitFor(host, ended, s_interruptionLimit, activity, "") && !CancelToken.IsCancellationRequested)
            WriteError(Errors.StillStopping(service, held));
    }
}
