using System.Management.Automation.Language;

namespace TwistedPS.Scripting.Inlining;

/// <summary>
/// Reads a handler and finds out whether its calls may run one after the other in one scope: whether no call could see what
/// one before has left there. What it doesn't know, it refuses.
/// </summary>
internal sealed class SharedScope
{
    private readonly HandlerVariables _variables;
    private readonly ValueKinds _kinds;
    private readonly ScopedExpressions _expressions;
    private int _values;

    private SharedScope(HandlerVariables variables)
    {
        _variables = variables;
        _kinds = new ValueKinds(variables);
        _expressions = new ScopedExpressions(variables, _kinds, Value);
    }

    /// <summary>Returns the reason that the calls of a handler may not share a scope; null if they may.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="input">What it is given.</param>
    /// <param name="beside">Another handler whose calls share that scope; null for none.</param>
    public static Refusal? Refuse(ScriptBlockAst handler, HandlerInput input, ScriptBlockAst? beside = null)
    {
        if (UsingsOf(handler).FirstOrDefault() is { } used)
            return new Refusal("types may have other names where there is 'using'", used.Extent);
        if (handler is not { BeginBlock: null, ProcessBlock: null, DynamicParamBlock: null, EndBlock: { Unnamed: true } body })
            return new Refusal("it has blocks with names", handler.Extent);
        var variables = new HandlerVariables(handler, input, beside);
        return Parameters(handler.ParamBlock, variables) ?? new SharedScope(variables).Block(body.Traps, body.Statements);
    }

    /// <summary>The <c>using</c> statements of the file that a handler is in.</summary>
    public static IEnumerable<UsingStatementAst> UsingsOf(Ast handler)
    {
        Ast root = handler;
        while (root.Parent is not null)
            root = root.Parent;
        return (root as ScriptBlockAst)?.UsingStatements ?? Enumerable.Empty<UsingStatementAst>();
    }

    private static Refusal? Parameters(ParamBlockAst? block, HandlerVariables variables) => block is null
        ? null
        : Refusal.FirstOf(block.Attributes, attribute => new Refusal("its parameters have attributes", attribute.Extent))
            ?? Refusal.FirstOf(block.Parameters, parameter =>
                Refusal.Unless(parameter is { Attributes.Count: 0, DefaultValue: null }, parameter, $"{parameter.Name} has a type, attribute or default")
                ?? variables.AddParameter(parameter.Name, isFirst: parameter == block.Parameters[0]));

    private Refusal? Block(StatementBlockAst? block) => block is null ? null : Block(block.Traps, block.Statements);

    private Refusal? Block(IReadOnlyList<TrapStatementAst>? traps, IEnumerable<StatementAst> statements) => traps is [var trap, ..]
        ? new Refusal("it has a trap", trap.Extent)
        : Refusal.FirstOf(statements, Statement);

    private Refusal? Statement(StatementAst statement) => statement switch
    {
        PipelineAst pipeline => Pipeline(pipeline),
        CommandExpressionAst single => Expression(single),
        AssignmentStatementAst assignment => Assignment(assignment),
        IfStatementAst choice => If(choice),
        SwitchStatementAst choice => Switch(choice),
        ForEachStatementAst loop => ForEach(loop),
        ForStatementAst loop => For(loop),
        WhileStatementAst loop => Value(loop.Condition) ?? _variables.MayRun(() => Block(loop.Body)),
        DoWhileStatementAst or DoUntilStatementAst => Do((LoopStatementAst)statement),
        TryStatementAst attempt => Try(attempt),
        ReturnStatementAst { Pipeline: null } => Leave(statement),
        ReturnStatementAst { Pipeline: PipelineAst result } => Leave(statement) ?? Statement(result),
        ThrowStatementAst { Pipeline: null } => null,
        ThrowStatementAst { Pipeline: var error } => Value(error) ?? _expressions.RefuseUnknown(error),
        BreakStatementAst { Label: null } or ContinueStatementAst { Label: null } => Leave(statement),
        BreakStatementAst or ContinueStatementAst => new Refusal("it names the loop that it leaves", statement.Extent),
        _ => new Refusal($"{Refusal.Quote(statement)} is none of the statements that can be inlined", statement.Extent),
    };

    private Refusal? Pipeline(PipelineAst pipeline) => pipeline switch
    {
        { PipelineElements: [CommandExpressionAst single] } =>
            Refusal.Unless(!NewerSyntax.IsJob(pipeline), pipeline, "it starts a job") ?? Expression(single),
        _ => new Refusal("it calls a command", pipeline.PipelineElements.OfType<CommandAst>().First().Extent),
    };

    private Refusal? Leave(StatementAst statement) =>
        Refusal.Unless(_values == 0, statement, $"{Refusal.Quote(statement)} leaves a value that is being made");

    /// <summary>A statement whose output is not the handler's, but a value.</summary>
    private Refusal? Value(StatementAst? statement)
    {
        if (statement is null)
            return null;
        _values++;
        Refusal? refusal = Statement(statement);
        _values--;
        return refusal;
    }

    // The output of $( ) is taken apart once more when it is a value.
    private Refusal? Expression(CommandExpressionAst single) =>
        Refusal.FirstOf(single.Redirections, redirection => new Refusal("it redirects output", redirection.Extent))
        ?? Refusal.Unless(_values > 0 || single.Expression is not SubExpressionAst, single, "its output is that of $( )")
        ?? _expressions.Refuse(single.Expression);

    private Refusal? Assignment(AssignmentStatementAst assignment) => assignment.Operator switch
    {
        TokenKind.Equals => Value(assignment.Right) ?? Target(assignment.Left, assignment.Right),
        var name when name == NewerSyntax.CoalesceAssign => _expressions.Refuse(assignment.Left)
            ?? _variables.MayRun(() => Value(assignment.Right))
            ?? Target(assignment.Left, kind: null),
        _ => Value(assignment.Right)
            ?? _expressions.RefuseUnknown(assignment.Right)
            ?? _expressions.Refuse(assignment.Left)
            ?? Target(assignment.Left, kind: null),
    };

    private Refusal? Target(ExpressionAst target, StatementAst value) =>
        (target is ConvertExpressionAst ? _expressions.RefuseUnknown(value) : null) ?? Target(target, _kinds.KindOf(value));

    private Refusal? Target(ExpressionAst target, ValueKind? kind) => target switch
    {
        VariableExpressionAst variable => _variables.Assign(variable, kind),
        ConvertExpressionAst { Child: VariableExpressionAst variable } typed =>
            _variables.Assign(variable, ValueKinds.KindOf(typed), hasType: true),
        ArrayLiteralAst { Elements: var many } =>
            Refusal.FirstOf(many.SkipLast(1), one => Target(one, ValueKinds.ItemOf(kind))) ?? Target(many[^1], kind),
        MemberExpressionAst or IndexExpressionAst => _expressions.Refuse(target),
        _ => new Refusal($"it assigns to {Refusal.Quote(target)}", target.Extent),
    };

    private Refusal? If(IfStatementAst choice)
    {
        List<HashSet<string>> ends = [];
        foreach ((PipelineBaseAst condition, StatementBlockAst body) in choice.Clauses)
        {
            if (Value(condition) is { } refusal)
                return refusal;
            HashSet<string> before = _variables.Assigned;
            if (_kinds.HasMatchedIf(condition))
                _variables.AssignMatches();
            if (Block(body) is { } inside)
                return inside;
            ends.Add(_variables.Assigned);
            _variables.Assigned = before;
        }

        Refusal? last = Block(choice.ElseClause);
        HashSet<string> all = _variables.Assigned;
        ends.ForEach(all.IntersectWith);
        _variables.Assigned = all;
        return last;
    }

    private Refusal? Switch(SwitchStatementAst choice)
    {
        if (choice.Flags.HasFlag(SwitchFlags.File) || choice.Flags.HasFlag(SwitchFlags.Parallel))
            return new Refusal("it switches by what is in a file, or in parallel", choice.Extent);
        if ((Value(choice.Condition) ?? _expressions.RefuseUnknown(choice.Condition)) is { } refusal)
            return refusal;
        return WithCurrent(ValueKinds.ItemOf(_kinds.KindOf(choice.Condition)), () =>
            Refusal.FirstOf(choice.Clauses, clause => _variables.MayRun(() => Clause(clause.Item1, clause.Item2, choice.Flags)))
            ?? _variables.MayRun(() => Block(choice.Default)));
    }

    private Refusal? Clause(ExpressionAst condition, StatementBlockAst body, SwitchFlags flags)
    {
        if (_expressions.Refuse(condition) is { } refusal)
            return refusal;
        if (!_kinds.IsPlain(condition))
            return new Refusal($"{Refusal.Quote(condition)} may be a scriptblock", condition.Extent);
        if (flags.HasFlag(SwitchFlags.Regex))
            _variables.AssignMatches();
        return Block(body);
    }

    private Refusal? ForEach(ForEachStatementAst loop) =>
        Refusal.Unless(loop is { Flags: ForEachFlags.None, ThrottleLimit: null }, loop, "it loops in parallel")
        ?? Value(loop.Condition)
        ?? _variables.MayRun(() => _variables.Assign(loop.Variable, ValueKinds.ItemOf(_kinds.KindOf(loop.Condition))) ?? Block(loop.Body));

    // With continue, what stands after the body comes before all of it has run.
    private Refusal? For(ForStatementAst loop) => Value(loop.Initializer)
        ?? Value(loop.Condition)
        ?? _variables.MayRun(() => Block(loop.Body))
        ?? _variables.MayRun(() => Value(loop.Iterator));

    private Refusal? Do(LoopStatementAst loop) => _variables.MayRun(() => Block(loop.Body))
        ?? _variables.MayRun(() => Value(loop is DoWhileStatementAst repeat ? repeat.Condition : ((DoUntilStatementAst)loop).Condition));

    private Refusal? Try(TryStatementAst attempt) => _variables.MayRun(() => Block(attempt.Body))
        ?? WithCurrent(ValueKind.Any, () => Refusal.FirstOf(attempt.CatchClauses, clause => _variables.MayRun(() => Block(clause.Body))))
        ?? _variables.MayRun(() => Block(attempt.Finally));

    private Refusal? WithCurrent(ValueKind kind, Func<Refusal?> part)
    {
        ValueKind before = _variables.CurrentKind;
        _variables.CurrentKind = kind;
        Refusal? refusal = part();
        _variables.CurrentKind = before;
        return refusal;
    }
}
