using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Language;
using TwistedPS.Engine.Loop;
using TwistedPS.Scripting.Inlining;

namespace TwistedPS.Scripting;

/// <summary>A scriptblock given for an event, and how it is called.</summary>
internal sealed class ScriptHandler
{
    private const string NoInlining = "TwistedPS.NoInlining";

    private readonly HandlerScope _scope;
    private readonly Func<ScriptBlock> _capture;
    private readonly Func<ScriptBlock>? _captureCollector;
    private ScriptBlock? _script;
    private ScriptBlock? _collector;
    private ScriptBlock? _filter;

    /// <param name="scope">Where it is to run.</param>
    /// <param name="script">The scriptblock, or a function.</param>
    /// <param name="extraArguments">Its arguments besides its own.</param>
    /// <param name="session">The session state of the cmdlet that it was given to, on whose thread this is.</param>
    /// <exception cref="UsingVariableNotFoundException">A <c>$using:</c> variable of it does not exist.</exception>
    /// <exception cref="ScriptNotCallableException">It has begin, process, end or clean blocks.</exception>
    public ScriptHandler(HandlerScope scope, ScriptBlock script, object?[] extraArguments, SessionState session)
    {
        if (!IsCallable(script.Ast))
            throw new ScriptNotCallableException();
        _scope = scope;
        _capture = scope.Capture(script, session);
        _captureCollector = script.Ast.Find(LeavesEarly, searchNestedScriptBlocks: true) is null ? null : scope.CaptureCollector(script);
        ExtraArguments = [.. extraArguments.Select(argument => scope.Values.Carry(argument, session, "-ArgumentList"))];
    }

    /// <summary>Its arguments besides its own.</summary>
    public object?[] ExtraArguments { get; }

    /// <summary>Brings the script over now, not at its first call. On the reactor's thread.</summary>
    public void Bind()
    {
        _script ??= _capture();
        if (_captureCollector is null || _collector is not null)
            return;
        _collector = _captureCollector();
        _filter = AsFilter(_script);
    }

    /// <summary>Calls the script in a scope of its own and returns its output. On the reactor's thread.</summary>
    /// <param name="variables">What the handler sees besides; <c>$_</c> among them.</param>
    /// <param name="arguments">Its positional arguments; those given with -ArgumentList follow.</param>
    /// <exception cref="ReactorInterruptedException">The pipeline is being stopped.</exception>
    public Collection<PSObject> Invoke(List<PSVariable> variables, params object?[] arguments)
    {
        Bind();
        object?[] all = ExtraArguments.Length == 0 ? arguments : [.. arguments, .. ExtraArguments];
        if (_collector is null)
            return Call(_script!, variables, all) ?? [];

        Collection<PSObject> output = [];
        Call(_collector, variables, [_filter, all, output]);
        return output;
    }

    /// <summary>Makes a script that calls the handler for many messages, unless a call could tell. On the reactor's thread.</summary>
    /// <param name="input">The input of the handler.</param>
    /// <param name="reactor">The reactor that runs it.</param>
    public Verdict Inline(HandlerInput input, Reactor reactor)
    {
        Bind();
        ScriptBlock script = _script!;
        if (AppContext.TryGetSwitch(NoInlining, out bool isOff) && isOff)
            return new Verdict(null, $"the switch {NoInlining} is on");
        if (script.Ast is not ScriptBlockAst handler)
            return new Verdict(null, "it is a function");
        if (SharedScope.Refuse(handler, input) is { } refusal)
            return new Verdict(null, $"{refusal}");
        return _scope.Adopt(InlinedScript.Build(handler, input.OwnerVariable).GetScriptBlock(), script) is { } adopted
            ? new Verdict(new InlinedHandler(adopted, reactor), null)
            : new Verdict(null, "it does not belong to the module that runs it");
    }

    private static bool IsCallable(Ast script) => script is FunctionDefinitionAst function
        ? !function.IsFilter && IsCallable(function.Body)
        : script is ScriptBlockAst { BeginBlock: null, ProcessBlock: null, EndBlock.Unnamed: true } body && !NewerSyntax.HasCleanBlock(body);

    // Called by another script, it would find $_ in that one's scope, and lose it at the first switch or catch of its own: both
    // give back only what they found in theirs. A filter has it there. Where types may go by other names, a copy might not
    // find them.
    private ScriptBlock AsFilter(ScriptBlock script)
    {
        if (script.Ast is not ScriptBlockAst { EndBlock: { } body } handler || SharedScope.UsingOf(handler) is not null)
            return script;
        var statements = new StatementBlockAst(
            body.Extent, body.Statements.Select(it => (StatementAst)it.Copy()), body.Traps?.Select(it => (TrapStatementAst)it.Copy()));
        var filter = new ScriptBlockAst(handler.Extent, (ParamBlockAst?)handler.ParamBlock?.Copy(), statements, isFilter: true);
        return _scope.Adopt(filter.GetScriptBlock(), script) ?? script;
    }

    private static Collection<PSObject>? Call(ScriptBlock script, List<PSVariable> variables, object?[] arguments)
    {
        try
        {
            return script.InvokeWithContext((Dictionary<string, ScriptBlock>?)null, variables, arguments);
        }
        catch (PipelineStoppedException e)
        {
            throw new ReactorInterruptedException(e);
        }
        catch (FlowControlException)
        {
            // break, continue and exit end this call of the handler; the loop around it is the reactor's.
            return null;
        }
    }

    /// <summary>Whether a statement may leave the handler other than by its end, return, or an error.</summary>
    private static bool LeavesEarly(Ast ast)
    {
        if (ast is ExitStatementAst)
            return true;
        if (ast is not (BreakStatementAst or ContinueStatementAst))
            return false;
        for (Ast? outer = ast.Parent; outer is not null and not ScriptBlockAst; outer = outer.Parent)
        {
            if (outer is LoopStatementAst or SwitchStatementAst)
                return false;
        }

        return true;
    }
}
