using System.Management.Automation;
using TwistedPS.Engine.Loop;
using TwistedPS.Engine.Services;
using TwistedPS.Scripting.Inlining;

namespace TwistedPS.Scripting;

/// <summary>The scriptblocks of a service, and the variables common to all of them.</summary>
/// <param name="host">The host on which they run.</param>
/// <param name="scope">The scope that they share.</param>
/// <param name="ownerVariable">The name of the variable that holds the service, such as <c>Server</c>.</param>
internal abstract class Scripts(ReactorHost host, HandlerScope scope, string ownerVariable)
{
    private readonly HashSet<(Type Error, string? Where)> _reported = [];

    public Action? Initialization { get; init; }

    /// <summary>The recipient of the handler that started the service; null at the prompt.</summary>
    public Recipient? StartedFor { get; init; }

    /// <summary>The recipient of the output; null for the log.</summary>
    protected Recipient? Answered => StartedFor is { TakesAnswers: true } ? StartedFor : null;

    public ReactorHost Host => host;

    public HandlerScope Scope => scope;

    public string OwnerVariable => ownerVariable;

    /// <summary>Returns whether the handlers of what arrives are inlined; null for each that is not there, or never can be.</summary>
    /// <param name="onMessage">The name of the handler of messages.</param>
    public virtual IEnumerable<(string Handler, Verdict? Verdict)> Inlining(string onMessage) => [];

    /// <summary>All handlers; null for each that was not given.</summary>
    protected abstract IEnumerable<ScriptHandler?> All { get; }

    /// <summary>Binds all scripts, so that their errors surface at once.</summary>
    public virtual void Bind()
    {
        foreach (ScriptHandler? handler in All)
            handler?.Bind();
    }

    /// <summary>Prepares for the first event.</summary>
    public void Initialize()
    {
        RunInitialization();
        Prepare();
    }

    /// <summary>Prepares for the first event on a reactor that is not the service's first, which has the same scripts, and warns.</summary>
    protected void PrepareFurther()
    {
        RunInitialization();
        Bind();
    }

    private void RunInitialization()
    {
        try
        {
            Initialization?.Invoke();
        }
        catch (PipelineStoppedException e)
        {
            throw new ReactorInterruptedException(e);
        }
    }

    /// <summary>Binds all scripts, and warns of what they use and only the session has that registers them.</summary>
    public void Prepare()
    {
        Bind();
        host.Session.Warn(scope.MissingNames());
    }

    /// <summary>
    /// Shows an error that nothing has handled. Of those that come from the same place, as of many bad lines, a warning shows
    /// the first.
    /// </summary>
    /// <param name="handler">The handler that it has ended, with its owner.</param>
    /// <param name="error">The error.</param>
    public void Report(string handler, Exception error)
    {
        ErrorDescription described = Errors.Describe(error);
        bool isFirst = _reported.Add((error.GetType(), described.Where));
        host.Report(Errors.RecordOf(error), isFirst ? WarningOf(handler, $"{described}".TrimEnd('.')) : null);
    }

    /// <summary>Returns the text of a warning for an error of a handler.</summary>
    protected virtual string WarningOf(string handler, string error) =>
        $"{handler} has failed: {error}. Its further errors of this kind go to the log only.";

    /// <summary>Calls a handler of the service itself, and reports its error on the host.</summary>
    protected void Run(ScriptHandler? handler, Service owner, object? dollarUnder, params object?[] arguments)
    {
        try
        {
            Call(handler, owner, dollarUnder, arguments);
        }
        catch (RuntimeException e)
        {
            if (Answered is null)
                Report($"{host.Reactor.Watch.Current?.Handler}", e);
            else
                Answered.Failed($"{host.Reactor.Watch.Current?.Handler}", e);
            throw;
        }
    }

    /// <summary>
    /// Calls a handler of the service itself; its output goes to the recipient that the service was started for, or to its
    /// log.
    /// </summary>
    protected void Call(ScriptHandler? handler, Service owner, object? dollarUnder, params object?[] arguments)
    {
        if (handler is not null)
            Call(handler, Answered ?? new LogRecipient(this, owner), [new PSVariable(ownerVariable, owner)], dollarUnder, arguments);
    }

    /// <summary>Called when a handler has run, and its last output is to be sent.</summary>
    protected virtual void Returning(PendingOutput output)
    {
    }

    /// <summary>Calls a handler, and sends its output to the recipient.</summary>
    protected void Call(
        ScriptHandler handler, Recipient recipient, IEnumerable<PSVariable> variables, object? dollarUnder, params object?[] arguments)
    {
        HandlerRun run = host.Begin(recipient);
        var output = new PendingOutput { Recipient = recipient };
        run.Output = output;
        try
        {
            handler.Invoke(output.Items, dollarUnder, [.. recipient.Variables, .. variables], arguments);
        }
        catch
        {
            // What is left of a call that has failed must not come before what OnError says.
            run.Output = null;
            throw;
        }

        Returning(output);
        output.End(run.Deferreds);
    }
}
