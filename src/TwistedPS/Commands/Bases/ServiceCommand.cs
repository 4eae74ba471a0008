using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>What the cmdlets that start something on a reactor have in common.</summary>
public abstract class ServiceCommand : HandlerCommand
{
    /// <summary>Runs first; functions and variables that it defines are there for the handlers.</summary>
    [Parameter]
    public ScriptBlock? InitializationScript { get; set; }

    /// <summary>The reactor to run on; the session's own by default, in a handler the one that runs it.</summary>
    [Parameter]
    [ReactorTransformation]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    public Reactor? Reactor { get; set; }

    /// <summary>A name for lists and the log.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>A file that the log is appended to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>What the log keeps: entries that matter as much or more; all by default.</summary>
    [Parameter]
    public LogLevel LogLevel { get; set; }

    /// <summary>Where it is to run.</summary>
    private protected virtual ReactorHost FindHost() => Reactor is null ? Session.GetDefault(Host) : HostOf(Reactor);

    private protected Action? CaptureInitialization(HandlerScope scope)
    {
        if (InitializationScript is null)
            return null;
        try
        {
            return CaptureOrThrow(() => scope.CaptureInitialization(InitializationScript, HandlerArguments));
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            ThrowTerminatingError(Errors.HandlerFailed(e, "The initialization script failed", MyInvocation.MyCommand.Name));
            throw;
        }
    }

    private protected void OpenLog(Service service)
    {
        service.ReactorLog.Level = LogLevel;
        OpenLog(service.ReactorLog, LogPath);
    }

    /// <summary>Starts a service on its reactor's thread, and waits until that is done.</summary>
    private protected void Start(ReactorHost host, Service service, Action start)
    {
        Task<bool> started = host.Reactor.InvokeAsync(() =>
        {
            start();
            return true;
        });
        try
        {
            WaitFor(host, started, $"Starting {service}", "");
        }
        catch (PipelineStoppedException)
        {
            service.Dispose();
            if (host.Reactor.Watch.Current?.Owner == service)
                host.Interrupt();
            throw;
        }
        catch (RuntimeException e)
        {
            ThrowTerminatingError(Errors.HandlerFailed(e, $"The {service} did not start", service));
        }
    }

    /// <summary>Runs a service until it has ended or Ctrl+C; without -Reactor, on a reactor of its own in this session.</summary>
    private protected void Serve<T>(Func<ReactorHost, T> start, Func<T, Task> ended, bool passThru)
        where T : Service
    {
        if (Reactor is not null)
        {
            ServeOn(HostOf(Reactor), start, ended, passThru);
            return;
        }

        var host = new ForegroundReactor(Session);
        try
        {
            ServeOn(host, start, ended, passThru);
        }
        finally
        {
            host.Shutdown();
        }
    }

    private void ServeOn<T>(ReactorHost host, Func<ReactorHost, T> start, Func<T, Task> ended, bool passThru)
        where T : Service
    {
        T service = start(host);
        WriteVerbose($"Serving: {service}; Ctrl+C ends it.");
        try
        {
            if (passThru)
                WriteObject(service);
            WaitFor(host, ended(service), null, $"Serving: {service}", "Leave out -Wait in a handler.");
        }
        finally
        {
            service.Dispose();
        }
    }
}
