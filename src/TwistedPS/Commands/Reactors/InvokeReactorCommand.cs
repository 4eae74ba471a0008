using System.Collections.ObjectModel;
using System.Management.Automation;
using TwistedPS.Completers;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>
/// Runs a scriptblock on a reactor, between its handlers, and returns its output (Twisted's callFromThread).
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "Reactor", DefaultParameterSetName = "Reactor")]
public sealed class InvokeReactorCommand : TwistedCommand
{
    private volatile bool _running;

    /// <summary>The script to run.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>The reactor; the session's own by default.</summary>
    [Parameter(ParameterSetName = "Reactor", ValueFromPipeline = true)]
    [ReactorTransformation]
    [ArgumentCompleter(typeof(ReactorCompleter))]
    public Reactor? Reactor { get; set; }

    /// <summary>The server in whose scope of handlers the script runs, with $Server.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Server")]
    [ServiceTransformation<Server>]
    [ArgumentCompleter(typeof(ServiceCompleter<Server>))]
    public Server? Server { get; set; }

    /// <summary>Arguments for the scriptblock.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[] ArgumentList { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        ReactorHost host = HostOrDefault(Server?.Reactor ?? Reactor);
        HandlerScope scope = Server?.Handler is Scripts scripts ? scripts.Scope : host.CreateScope(SessionState);
        ScriptHandler handler = Capture(scope, ScriptBlock, ArgumentList)!;
        List<PSVariable> variables = Server is null ? [] : [new PSVariable("Server", Server)];
        Task<Collection<PSObject>> invoked = host.Reactor.InvokeAsync(() =>
        {
            _running = true;
            Session.Warn(scope.MissingNames());
            return handler.Invoke(variables);
        });
        Collection<PSObject> output = Wait(host, invoked);
        Session.ShowWarnings(this);
        WriteObject(output, enumerateCollection: true);
    }

    private Collection<PSObject> Wait(ReactorHost host, Task<Collection<PSObject>> invoked)
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
