using System.Management.Automation.Language;

namespace TwistedPS.Scripting.Inlining;

/// <summary>
/// Reads a handler and finds out whether its calls may run one after the other in one scope: whether no call could see what
/// one before has left there. What it doesn't know, it refuses.
/// </summary>
internal sealed class SharedScope
{
    /// <summary>Forms that came after the syntax tree this module is built against, so only the text tells of them: jobs, and what looks for null.</summary>
    private static readonly string[] s_newerForms = ["&", "??", "?.", "?["];

    private readonly HandlerVariables _variables;
    private readonly ScopedExpressions _expressions;
    private int _values;

    private SharedScope(HandlerVariables variables)
    {
        _variables = variables;
        _expressions = new ScopedExpressions(variables, Value);
    }

    /// <summary>Whether the calls of a handler may share a scope.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="ownerVariable">The name of the variable that holds the server or client.</param>
    /// <param name="ofText">Whether its messages are text.</param>
    public static bool Suits(ScriptBlockAst handler, string ownerVariable, bool ofText)
    {
        Ast root = handler;
        while (root.Parent is not null)
            root = root.Parent;

        // Its types may have other names in a script of its own.
        if (root is not ScriptBlockAst { UsingStatements.Count: 0 } || Array.Exists(s_newerForms, handler.Extent.Text.Contains))
            return false;
        if (handler is not { BeginBlock: null, ProcessBlock: null, DynamicParamBlock: null, EndBlock: { Unnamed: true, Traps: null or { Count: 0 } } body })
            return false;
        var variables = new HandlerVariables(handler, ownerVariable) { CurrentIsText = ofText };
        return (handler.ParamBlock is null || Parameters(handler.ParamBlock, variables))
            && new SharedScope(variables).Block(body.Statements);
    }

    private static bool Parameters(ParamBlockAst block, HandlerVariables variables) =>
        block.Attributes.Count == 0
        && block.Parameters.All(parameter =>
            parameter is { Attributes.Count: 0, DefaultValue: null } && variables.TryAddParameter(parameter.Name.VariablePath.UserPath))
        && block.Parameters.Skip(1).All(parameter => !IsConnection(parameter));

    private static bool IsConnection(ParameterAst parameter) =>
        parameter.Name.VariablePath.UserPath.Equals("Connection", StringComparison.OrdinalIgnoreCase);

    private bool Block(IEnumerable<StatementAst> statements) => statements.All(Statement);

    private bool Block(StatementBlockAst? block) => block is null || (block.Traps is null or { Count: 0 } && Block(block.Statements));

    private bool Statement(StatementAst statement) => statement switch
    {
        PipelineAst { PipelineElements: [CommandExpressionAst single] } => Expression(single),
        CommandExpressionAst single => Expression(single),
        AssignmentStatementAst assignment => Assignment(assignment),
        IfStatementAst choice => If(choice),
        SwitchStatementAst choice => Switch(choice),
        ForEachStatementAst loop => ForEach(loop),
        ForStatementAst loop => For(loop),
        WhileStatementAst loop => Value(loop.Condition) && MayRun(() => Block(loop.Body)),
        DoWhileStatementAst or DoUntilStatementAst => Do((LoopStatementAst)statement),
        TryStatementAst attempt => Try(attempt),
        ReturnStatementAst { Pipeline: null } => _values == 0,
        ReturnStatementAst { Pipeline: PipelineAst result } => _values == 0 && Statement(result),
        ThrowStatementAst error => Value(error.Pipeline),
        BreakStatementAst { Label: null } or ContinueStatementAst { Label: null } => _values == 0,
        _ => false,
    };

    /// <summary>A statement whose output is not the handler's, but a value.</summary>
    private bool Value(StatementAst? statement)
    {
        if (statement is null)
            return true;
        _values++;
        bool suits = Statement(statement);
        _values--;
        return suits;
    }

    // The output of $( ) is taken apart once more when it is a value.
    private bool Expression(CommandExpressionAst single) =>
        single.Redirections.Count == 0
        && (_values > 0 || single.Expression is not SubExpressionAst)
        && _expressions.Suits(single.Expression);

    private bool Assignment(AssignmentStatementAst assignment) => Value(assignment.Right)
        && (assignment.Operator == TokenKind.Equals || _expressions.Suits(assignment.Left))
        && Target(assignment.Left, _expressions.KindOf(assignment.Right));

    private bool Target(ExpressionAst target, ValueKind kind) => target switch
    {
        VariableExpressionAst variable => _variables.TryAssign(variable, kind),
        ConvertExpressionAst { Child: VariableExpressionAst variable } typed =>
            _variables.TryAssign(variable, ScopedExpressions.KindOf(typed), hasType: true),
        ArrayLiteralAst { Elements: var many } =>
            many.SkipLast(1).All(one => Target(one, kind == ValueKind.Parts ? ValueKind.Text : ValueKind.Any)) && Target(many[^1], kind),
        MemberExpressionAst or IndexExpressionAst => _expressions.Suits(target),
        _ => false,
    };

    private bool If(IfStatementAst choice)
    {
        List<HashSet<string>> ends = [];
        foreach ((PipelineBaseAst condition, StatementBlockAst body) in choice.Clauses)
        {
            if (!Value(condition))
                return false;
            HashSet<string> before = _variables.Assigned;
            if (_expressions.HasMatchedIf(condition))
                _variables.AssignMatches();
            if (!Block(body))
                return false;
            ends.Add(_variables.Assigned);
            _variables.Assigned = before;
        }

        if (!Block(choice.ElseClause))
            return false;
        HashSet<string> both = _variables.Assigned;
        ends.ForEach(both.IntersectWith);
        _variables.Assigned = both;
        return true;
    }

    private bool Switch(SwitchStatementAst choice)
    {
        if (choice.Flags.HasFlag(SwitchFlags.File) || choice.Flags.HasFlag(SwitchFlags.Parallel) || !Value(choice.Condition))
            return false;
        bool wasText = _variables.CurrentIsText;
        _variables.CurrentIsText = _expressions.KindOf(choice.Condition) == ValueKind.Text;
        bool suits = choice.Clauses.All(clause => MayRun(() => Clause(clause.Item1, clause.Item2, choice.Flags)))
            && MayRun(() => Block(choice.Default));
        _variables.CurrentIsText = wasText;
        return suits;
    }

    private bool Clause(ExpressionAst condition, StatementBlockAst body, SwitchFlags flags)
    {
        if (!_expressions.Suits(condition) || _expressions.KindOf(condition) == ValueKind.Any)
            return false;
        if (flags.HasFlag(SwitchFlags.Regex))
            _variables.AssignMatches();
        return Block(body);
    }

    private bool ForEach(ForEachStatementAst loop) =>
        loop is { Flags: ForEachFlags.None, ThrottleLimit: null }
        && Value(loop.Condition)
        && MayRun(() => _variables.TryAssign(loop.Variable) && Block(loop.Body));

    // With continue, what stands after the body comes before all of it has run.
    private bool For(ForStatementAst loop) => Value(loop.Initializer)
        && Value(loop.Condition)
        && MayRun(() => Block(loop.Body))
        && MayRun(() => Value(loop.Iterator));

    private bool Do(LoopStatementAst loop) => MayRun(() => Block(loop.Body))
        && MayRun(() => Value(loop is DoWhileStatementAst repeat ? repeat.Condition : ((DoUntilStatementAst)loop).Condition));

    private bool Try(TryStatementAst attempt)
    {
        bool suits = MayRun(() => Block(attempt.Body));
        bool wasText = _variables.CurrentIsText;
        _variables.CurrentIsText = false;
        suits = suits && attempt.CatchClauses.All(clause => MayRun(() => Block(clause.Body)));
        _variables.CurrentIsText = wasText;
        return suits && MayRun(() => Block(attempt.Finally));
    }

    /// <summary>A part that may not run, or not to its end: nothing that it assigns is sure to be there afterwards.</summary>
    private bool MayRun(Func<bool> part)
    {
        HashSet<string> before = _variables.Assigned;
        bool suits = part();
        _variables.Assigned = before;
        return suits;
    }
}
