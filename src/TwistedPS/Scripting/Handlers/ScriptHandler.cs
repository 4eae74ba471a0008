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
    private ScriptBlock? _script;

    /// <param name="scope">Where it is to run.</param>
    /// <param name="script">The scriptblock, or a function.</param>
    /// <param name="extraArguments">Its arguments besides its own.</param>
    /// <param name="session">The session state of the cmdlet that it was given to, on whose thread this is.</param>
    /// <exception cref="UsingVariableNotFoundException">A <c>$using:</c> variable of it does not exist.</exception>
    /// <exception cref="ScriptNotCallableException">It has begin, process, end or clean blocks.</exception>
    public ScriptHandler(HandlerScope scope, ScriptBlock script, object?[] extraArguments, SessionState session)
    {
        RequireCallable(script);
        _scope = scope;
        _capture = scope.Capture(script, session);
        ExtraArguments = [.. extraArguments.Select(argument => scope.Values.Carry(argument, session, "-ArgumentList"))];
    }

    /// <summary>Its arguments besides its own.</summary>
    public object?[] ExtraArguments { get; }

    /// <summary>Brings the script over now, not at its first call. On the reactor's thread.</summary>
    public void Bind() => _script ??= _capture();

    /// <summary>Calls the script in a scope of its own. On the reactor's thread.</summary>
    /// <param name="output">Where its output is added, one object after the other.</param>
    /// <param name="dollarUnder">The value of <c>$_</c>.</param>
    /// <param name="variables">What the handler sees besides.</param>
    /// <param name="arguments">Its positional arguments; those given with -ArgumentList follow.</param>
    /// <exception cref="ReactorInterruptedException">The pipeline is being stopped.</exception>
    public void Invoke(List<object?> output, object? dollarUnder, List<PSVariable> variables, params object?[] arguments)
    {
        Bind();
        StreamingCall.Invoke(_script!, output, dollarUnder, variables, ExtraArguments.Length == 0 ? arguments : [.. arguments, .. ExtraArguments]);
    }

    /// <summary>Makes a script that calls the handler for many messages, unless a call could tell. On the reactor's thread.</summary>
    /// <param name="input">The input of the handler.</param>
    /// <param name="reactor">The reactor that runs it.</param>
    public Verdict Inline(HandlerInput input, Reactor reactor)
    {
        Bind();
        ScriptBlock script = _script!;
        if (IsInliningOff)
            return new Verdict(null, $"the switch {NoInlining} is on");
        ScriptBlockAst handler = BodyOf(script);
        if (SharedScope.Refuse(handler, input) is { } refusal)
            return new Verdict(null, $"{refusal}");
        return _scope.Adopt(InlinedScript.Build(handler, input).GetScriptBlock(), script) is { } adopted
            ? new Verdict(new InlinedHandler(adopted, reactor), null)
            : new Verdict(null, "it does not belong to the module that runs it");
    }

    /// <summary>
    /// Makes a script that calls the handler for many messages where it has commands, with a scope for each that is as good as
    /// new. On the reactor's thread.
    /// </summary>
    /// <returns>The looped handler; null where a call could tell.</returns>
    public LoopedHandler? Loop(HandlerInput input)
    {
        Bind();
        if (!StreamingCall.IsPossible || !ReusedScope.IsPossible || IsInliningOff)
            return null;
        ScriptBlockAst handler = BodyOf(_script!);
        var arguments = new LoopedArguments(handler, input, ExtraArguments);
        return LoopedScript.Build(handler, arguments) is { } looped && _scope.Adopt(looped.GetScriptBlock(), _script!) is { } adopted
            ? new LoopedHandler(adopted, arguments.MessageType, arguments.MessageChecks, new OwnTypes(handler))
            : null;
    }

    /// <summary>
    /// Makes a script that calls this handler for messages and another for bytes among them, so that to go from the one to the
    /// other takes no time. Both can be inlined. On the reactor's thread.
    /// </summary>
    /// <returns>The inlined handlers; null where a call of the one could see what one of the other has left.</returns>
    public InlinedHandler? InlineWith(ScriptHandler ofData, HandlerInput input, Reactor reactor)
    {
        ScriptBlockAst handler = BodyOf(_script!);
        ScriptBlockAst beside = BodyOf(ofData._script!);
        if (_scope != ofData._scope || _script!.Module != ofData._script!.Module || !ExtraArguments.SequenceEqual(ofData.ExtraArguments)
            || SharedScope.Refuse(handler, input, beside) is not null
            || SharedScope.Refuse(beside, input.OfData, handler) is not null)
            return null;
        return _scope.Adopt(InlinedScript.Build(handler, input, beside).GetScriptBlock(), _script) is { } adopted
            ? new InlinedHandler(adopted, reactor)
            : null;
    }

    /// <summary>Checks that a script can be called for each event.</summary>
    /// <exception cref="ScriptNotCallableException">It has begin, process, end or clean blocks.</exception>
    public static void RequireCallable(ScriptBlock script)
    {
        if (!IsCallable(script.Ast))
            throw new ScriptNotCallableException();
    }

    private static bool IsInliningOff => AppContext.TryGetSwitch(NoInlining, out bool isOff) && isOff;

    /// <summary>The script, or a function as a script at its place in the file.</summary>
    private static ScriptBlockAst BodyOf(ScriptBlock script) => script.Ast is FunctionDefinitionAst function
        ? Parser.ParseInput(new ScriptSource(function).ToString(), script.File, out _, out _)
        : (ScriptBlockAst)script.Ast;

    private static bool IsCallable(Ast script) => script is FunctionDefinitionAst function
        ? !function.IsFilter && IsCallable(function.Body)
        : script is ScriptBlockAst { BeginBlock: null, ProcessBlock: null, EndBlock.Unnamed: true } body && !NewerSyntax.HasCleanBlock(body);
}
