using System.Management.Automation;
using System.Runtime;
using TwistedPS.Engine.Metrics;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>A starter of services for a cmdlet.</summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="given">The parameters of the cmdlet.</param>
internal sealed class ServiceStarter(TwistedCommand cmdlet, IServiceParameters given)
{
    private const string HostTag = "PSHOST";
    private const string SharedHeap = "The reactors share one heap of .NET, whose collections stop them all. "
        + "Where PowerShell is started with DOTNET_gcServer=1 and DOTNET_GCDynamicAdaptationMode=0 in its environment, each core has its own.";

    private int ReactorCount => given is IReactorsParameters many ? many.ReactorCount : 1;

    /// <summary>Creates the scope of the handlers given by the cmdlet's caller.</summary>
    public HandlerScope CreateScope(ReactorHost host) => host.CreateScope(cmdlet.SessionState);

    /// <summary>Captures a handler into a scope, with the arguments common to all handlers.</summary>
    public ScriptHandler? Capture(HandlerScope scope, ScriptBlock? script) => cmdlet.Capture(scope, script, given.HandlerArguments);

    public Action? CaptureInitialization(HandlerScope scope)
    {
        if (given.InitializationScript is not { } script)
            return null;
        try
        {
            return cmdlet.CaptureOrThrow(scope.Values, () => scope.CaptureInitialization(script, given.HandlerArguments));
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            cmdlet.ThrowTerminatingError(Errors.HandlerFailed(e, "The initialization script failed", cmdlet.CommandName));
            throw;
        }
    }

    /// <summary>
    /// Opens a service's log and page of metrics, starts the service on its reactor's thread, and waits until it has started.
    /// </summary>
    public void Start(ReactorHost host, Service service, Action start)
    {
        service.ReactorLog.Level = given.LogLevel;
        cmdlet.OpenLog(service.ReactorLog, given.LogPath);
        MetricsLease? metrics = given is IMetricsParameters wanted ? cmdlet.OpenMetrics(host, wanted) : null;
        try
        {
            metrics?.EndWith(service);
            Run(host, service, start);
        }
        catch
        {
            metrics?.Dispose();
            throw;
        }

        cmdlet.Session.ShowWarnings(cmdlet);
        cmdlet.ShowInlining(service);
    }

    /// <summary>Starts a service on the reactors that the cmdlet asks for, which end with it.</summary>
    /// <param name="host">The host of the first one.</param>
    /// <param name="service">The service.</param>
    /// <param name="start">Starts it, on the first one's thread.</param>
    /// <param name="add">Adds a further one to the service, with handlers captured for it.</param>
    /// <param name="prepare">Prepares the handlers on a further one, on its thread.</param>
    public void Start(ReactorHost host, Service service, Action start, Action<ReactorHost> add, Action<Reactor> prepare)
    {
        cmdlet.WarnOfScopedVariables(ReactorCount);
        ReactorHost[] further = CreateReactors(host);
        try
        {
            foreach (ReactorHost other in further)
                add(other);
            foreach (ReactorHost other in further)
                Run(other, service, () => prepare(other.Reactor));
            Start(host, service, start);
            if (further.Length > 0 && !GCSettings.IsServerGC)
                cmdlet.WriteVerbose(SharedHeap);
        }
        catch
        {
            foreach (ReactorHost other in further)
                other.Shutdown();
            throw;
        }
    }

    /// <summary>Does a part of a service's start on a reactor's thread, and waits for it.</summary>
    public void Run(ReactorHost host, Service service, Action start)
    {
        Task<bool> started = host.Reactor.InvokeAsync(() =>
        {
            start();
            return true;
        });
        try
        {
            cmdlet.WaitFor(host, started, $"Starting {service}", "");
        }
        catch (PipelineStoppedException)
        {
            service.Dispose();
            if (host.Reactor.Watch.Current?.Handler.Owner == service)
                host.Interrupt();
            throw;
        }
        catch (RuntimeException e)
        {
            cmdlet.ThrowTerminatingError(Errors.HandlerFailed(e, $"The {service} did not start", service));
        }
    }

    /// <summary>
    /// Runs a service until it has ended or Ctrl+C is pressed; without -Reactor, on its own reactor in this session.
    /// </summary>
    public void Serve<T>(Func<ReactorHost, T> start, bool passThru)
        where T : Service
    {
        if (ReactorCount > 1)
            cmdlet.ThrowTerminatingError(Errors.ReactorCountNeedsBackground(cmdlet.CommandName));
        if (given.Reactor is not null)
        {
            if (cmdlet.FindHost(given.Reactor) is { } found)
                ServeOn(found, start, passThru);
            return;
        }

        var host = new ForegroundReactor(cmdlet.Session);
        try
        {
            ServeOn(host, start, passThru);
        }
        finally
        {
            host.Shutdown();
        }
    }

    /// <summary>Creates the reactors besides the first one.</summary>
    private ReactorHost[] CreateReactors(ReactorHost first)
    {
        if (ReactorCount == 1)
            return [];
        if (first is not BackgroundReactor background || first.Reactor.TimeProvider != TimeProvider.System)
            cmdlet.ThrowTerminatingError(Errors.ReactorCountNeedsBackground(cmdlet.CommandName));
        return [.. Enumerable.Range(1, ReactorCount - 1).Select(_ => ((BackgroundReactor)first).CreateAnother())];
    }

    /// <summary>Says where a server serves as Write-Host would, so that it is no output; of what has no address with -Verbose.</summary>
    private void SayWhere(Service service)
    {
        string? where = service switch
        {
            Server server => $"{server.LocalAddress}",
            DatagramServer datagrams => $"{datagrams.LocalAddress}",
            HttpServer web => $"http://{web.EndPoint}/",
            _ => null,
        };
        if (where is null)
        {
            cmdlet.WriteVerbose($"Serving: {service}; Ctrl+C ends it.");
            return;
        }

        var said = new InformationRecord(new HostInformationMessage { Message = $"Serving on {where}; Ctrl+C ends it." }, cmdlet.CommandName);
        said.Tags.Add(HostTag);
        new HandlerReport(cmdlet).Information(said);
    }

    private void ServeOn<T>(ReactorHost host, Func<ReactorHost, T> start, bool passThru)
        where T : Service
    {
        T service = start(host);
        try
        {
            if (passThru)
                cmdlet.WriteObject(service);
            SayWhere(service);
            cmdlet.WaitFor(host, service.Completion, null, $"Serving: {service}", "Leave out -Wait in a handler.");
        }
        finally
        {
            service.Dispose();
        }
    }
}
