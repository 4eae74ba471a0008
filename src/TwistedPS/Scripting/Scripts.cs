using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>The scriptblocks of a service, and what all of them see.</summary>
/// <param name="host">Where they run.</param>
/// <param name="scope">What they share.</param>
/// <param name="ownerVariable">The name of the variable that holds the service, such as <c>Server</c>.</param>
internal abstract class Scripts(ReactorHost host, HandlerScope scope, string ownerVariable)
{
    private readonly PSVariable _ownerVariable = new(ownerVariable);

    public Action? Initialization { get; init; }

    public ReactorHost Host => host;

    public HandlerScope Scope => scope;

    /// <summary>All handlers; null for those that were not given.</summary>
    protected abstract IEnumerable<ScriptHandler?> All { get; }

    /// <summary>Brings all scripts over, so that what is wrong with them shows at once.</summary>
    public void Bind()
    {
        foreach (ScriptHandler? handler in All)
            handler?.Bind();
    }

    /// <summary>Makes everything ready for the first event.</summary>
    public void Initialize()
    {
        try
        {
            Initialization?.Invoke();
        }
        catch (PipelineStoppedException e)
        {
            throw new ReactorInterruptedException(e);
        }

        Bind();
    }

    /// <summary>Calls a handler that belongs to no connection, and shows its error where the person looks.</summary>
    protected void Run(string name, ScriptHandler? handler, Service owner, object? dollarUnder, params object?[] arguments)
    {
        try
        {
            Invoke(name, handler, owner, dollarUnder, arguments);
        }
        catch (RuntimeException e)
        {
            host.Report(e.ErrorRecord);
            throw;
        }
    }

    /// <summary>Calls a handler that belongs to no connection; what it outputs goes to the log.</summary>
    protected void Invoke(string name, ScriptHandler? handler, Service owner, object? dollarUnder, params object?[] arguments)
    {
        if (handler is null)
            return;
        foreach (PSObject? output in handler.Invoke(Variables(owner, dollarUnder), arguments))
            owner.ReactorLog.Add(LogLevel.Information, $"{name}: {output}");
    }

    protected List<PSVariable> Variables(Service owner, object? dollarUnder, params PSVariable[] more)
    {
        _ownerVariable.Value = owner;
        return [new PSVariable("_", dollarUnder), _ownerVariable, .. more];
    }
}
