using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>A line protocol made of scriptblocks: what a handler outputs is sent to the connection.</summary>
internal abstract class LineScripts(ReactorHost host, HandlerScope scope, string ownerVariable) : ILineHandler
{
    private readonly PSVariable _connectionVariable = new("Connection");
    private readonly PSVariable _ownerVariable = new(ownerVariable);

    public Action? Initialization { get; init; }

    public ScriptHandler? OnConnect { get; init; }

    public ScriptHandler? OnLine { get; init; }

    public ScriptHandler? OnDisconnect { get; init; }

    public ScriptHandler? OnError { get; init; }

    public ReactorHost Host => host;

    public HandlerScope Scope => scope;

    protected virtual IEnumerable<ScriptHandler?> All => [OnConnect, OnLine, OnDisconnect, OnError];

    public void Connected(LineConnection connection) => Run("OnConnect", OnConnect, connection, connection);

    public void LineReceived(LineConnection connection, string line) => Run("OnLine", OnLine, connection, line, line);

    public void Disconnected(LineConnection connection, CloseReason reason) =>
        Run("OnDisconnect", OnDisconnect, connection, reason, reason);

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

    /// <summary>Calls a handler that belongs to no connection; what it outputs goes to the log.</summary>
    protected void Run(string name, ScriptHandler? handler, LineEndpoint owner, object? dollarUnder, params object?[] arguments)
    {
        if (handler is null)
            return;
        foreach (PSObject output in handler.Invoke(Variables(owner, null, dollarUnder), arguments))
            owner.ReactorLog.Add(LogLevel.Information, $"{name}: {output}");
    }

    private void Run(string name, ScriptHandler? handler, LineConnection connection, object? dollarUnder, params object?[] more)
    {
        if (handler is null)
            return;
        try
        {
            Call(handler, connection, dollarUnder, more);
        }
        catch (RuntimeException e) when (OnError is not null)
        {
            connection.Owner.AddError(name, connection, e);
            Call(OnError, connection, e.ErrorRecord, e.ErrorRecord);
        }
        catch (RuntimeException e)
        {
            host.Report(e.ErrorRecord);
            throw;
        }
    }

    private void Call(ScriptHandler handler, LineConnection connection, object? dollarUnder, params object?[] more)
    {
        List<PSVariable> variables = Variables(connection.Owner, connection, dollarUnder);
        foreach (PSObject? output in handler.Invoke(variables, [connection, .. more]))
        {
            if (output is not null)
                connection.Write(LanguagePrimitives.ConvertTo<string>(output));
        }
    }

    private List<PSVariable> Variables(LineEndpoint owner, LineConnection? connection, object? dollarUnder)
    {
        _ownerVariable.Value = owner;
        _connectionVariable.Value = connection;
        return [new PSVariable("_", dollarUnder), _connectionVariable, _ownerVariable];
    }
}
