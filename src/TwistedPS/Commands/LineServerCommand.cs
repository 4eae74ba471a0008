using System.Management.Automation;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>What Start-LineServer and New-LineTestConnection have in common: they make a server of scriptblocks.</summary>
public abstract class LineServerCommand : LineEndpointCommand
{
    /// <summary>Called once before the first connection, to open files and the like.</summary>
    [Parameter]
    public ScriptBlock? OnStart { get; set; }

    /// <summary>Called once when the server has stopped.</summary>
    [Parameter]
    public ScriptBlock? OnStop { get; set; }

    /// <summary>Called for each line; $_ is the line, and the output is the reply.</summary>
    private protected abstract ScriptBlock? LineHandler { get; }

    /// <summary>Makes and starts a server, and waits for its OnStart.</summary>
    private protected LineServer StartServer(ReactorHost host, LineServerOptions options)
    {
        if (LineHandler is null && OnConnect is null)
            ThrowTerminatingError(Errors.HandlerMissing(MyInvocation.MyCommand.Name));

        HandlerScope scope = host.CreateScope(SessionState);
        var scripts = new LineServerScripts(host, scope)
        {
            Initialization = TakeInitialization(scope),
            OnStart = Take(scope, OnStart),
            OnConnect = Take(scope, OnConnect),
            OnLine = Take(scope, LineHandler),
            OnDisconnect = Take(scope, OnDisconnect),
            OnError = Take(scope, OnError),
            OnStop = Take(scope, OnStop),
        };
        var server = new LineServer(host.Reactor, options, scripts);
        OpenLog(server);
        Task<bool> started = host.Reactor.InvokeAsync(() =>
        {
            server.Start();
            return true;
        });
        try
        {
            WaitFor(host, started, "Starting a line server", "");
        }
        catch (PipelineStoppedException)
        {
            server.Dispose();
            if (host.Reactor.Watch.Current?.Owner == server)
                host.Interrupt();
            throw;
        }
        catch (RuntimeException e)
        {
            ThrowTerminatingError(Errors.HandlerFailed(e, "The server did not start", server));
        }

        return server;
    }
}
