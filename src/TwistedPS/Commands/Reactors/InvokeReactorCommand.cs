using System.Management.Automation;
using System.Management.Automation.Internal;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Runs a scriptblock on a reactor, between its handlers, and returns its output (Twisted's callFromThread).
/// </summary>
/// <remarks>
/// No handler runs meanwhile, so the script sees and changes what they share as a whole. It outputs what the script outputs; an
/// error that ends the script is written, and does not end the cmdlet. What else the script writes goes to the log of a
/// background reactor. The script holds the reactor while it runs, so it should be short.
/// </remarks>
[Cmdlet(VerbsLifecycle.Invoke, "Reactor", DefaultParameterSetName = "Reactor", HelpUri = Pages + "Invoke-Reactor.md")]
public sealed class InvokeReactorCommand : TwistedCommand
{
    private volatile bool _running;

    /// <summary>The script to run; $using: passes variables to it.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNull]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>The reactor, or its number; by default the session's own, or in a handler the one that runs it.</summary>
    [Parameter(ParameterSetName = "Reactor", ValueFromPipeline = true)]
    [ShownAs<Reactor>]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    [ValidateNotNull]
    public Alive<Reactor>? Reactor { get; set; }

    /// <summary>The server, or its number or name, in whose scope of handlers the script runs, with $Server.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Server")]
    [ShownAs<Server>]
    [ArgumentCompleter(typeof(ServerCompleter))]
    public Alive<Server>? Server { get; set; }

    /// <summary>Arguments for the scriptblock; none by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[] ArgumentList { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        Service? server = Server is null ? null : this.FindOne(LiveKinds.Servers, new Alive<Service>(Server.Identity));
        ReactorHost? host = Server is null ? FindHost(Reactor) : server is null ? null : HostOf(server.Reactor);
        if (host is not null)
            Invoke(host, server);
    }

    private void Invoke(ReactorHost host, Service? server)
    {
        HandlerScope scope = HandlerOf(server) is Scripts scripts ? scripts.Scope : host.CreateScope(SessionState);
        ScriptHandler handler = Capture(scope, ScriptBlock, ArgumentList)!;
        List<PSVariable> variables = server is null ? [] : [new PSVariable("Server", server)];
        Task<List<object?>> invoked = host.Reactor.InvokeAsync(() =>
        {
            _running = true;
            Session.Warn(scope.MissingNames());
            List<object?> output = [];
            handler.Invoke(output, AutomationNull.Value, variables);
            return output;
        });
        List<object?> output = Wait(host, invoked);
        Session.ShowWarnings(this);
        WriteObject(output, enumerateCollection: true);
    }

    private static object? HandlerOf(Service? server) => server switch
    {
        Server streams => streams.ConnectionHandler,
        DatagramServer datagrams => datagrams.Handler,
        _ => null,
    };

    private List<object?> Wait(ReactorHost host, Task<List<object?>> invoked)
    {
        try
        {
            return WaitFor(host, invoked, "Invoking a scriptblock on a reactor", "");
        }
        catch (PipelineStoppedException)
        {
            if (_running && !invoked.IsCompleted)
                host.Interrupt();
            throw;
        }
        catch (RuntimeException e)
        {
            WriteError(Errors.RecordOf(e));
            return [];
        }
    }
}
