using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace TwistedPS.Scripting.Inlining;

/// <summary>
/// Builds the script that runs a handler for many messages: a loop around the handler's own statements, which keep their
/// places in the file. What the handler outputs is handed over at once, so that each message's output is known.
/// </summary>
internal sealed class InlinedScript
{
    // No script has a variable of such a name by accident.
    private const string Calls = "TwistedPS calls";
    private const string Current = "_";

    private readonly ScriptBlockAst _handler;
    private readonly HandlerInput _input;
    private readonly IScriptExtent _extent;

    private InlinedScript(ScriptBlockAst handler, HandlerInput input) => (_handler, _input, _extent) = (handler, input, handler.Extent);

    /// <param name="handler">A handler that <see cref="SharedScope"/> does not refuse.</param>
    /// <param name="input">What it is given.</param>
    /// <returns>A script whose input are <see cref="InlinedCalls{T}"/>.</returns>
    public static ScriptBlockAst Build(ScriptBlockAst handler, HandlerInput input) => new InlinedScript(handler, input).Build();

    private ScriptBlockAst Build()
    {
        StatementAst[] given =
        [
            Assign(Calls, Variable(Current)),
            .. _input.HasManySources ? [] : Source(),
            Assign(_input.OwnerVariable, Property(nameof(InlinedCalls<object>.Owner))),
        ];
        var body = new StatementBlockAst(_extent, [.. _input.HasManySources ? Source() : [], .. Parameters(), .. Rewrite(_handler.EndBlock.Statements)], null);
        var loop = new ForEachStatementAst(_extent, null, ForEachFlags.None, Variable(Current), ValueOf(Variable(Calls)), body);
        var all = new StatementBlockAst(_extent, [.. given, .. Locals(), loop], null);
        return new ScriptBlockAst(_extent, null, all, isFilter: true);
    }

    /// <summary>A variable that is assigned in plain sight is one that PowerShell finds at once, not by its name in all scopes.</summary>
    private IEnumerable<StatementAst> Locals() => _handler.Find(HandlerVariables.MayMatch, searchNestedScriptBlocks: false) is null
        ? []
        : [Assign(HandlerVariables.Matches, new ConstantExpressionAst(_extent, null))];

    private IEnumerable<StatementAst> Source() => [Assign(_input.SourceVariable, Property(nameof(InlinedCalls<object>.Source)))];

    /// <summary>Gives the handler's parameters their values.</summary>
    private IEnumerable<StatementAst> Parameters()
    {
        if (_handler.ParamBlock is not { } block)
            yield break;
        for (int i = 0; i < block.Parameters.Count; i++)
        {
            string name = block.Parameters[i].Name.VariablePath.UserPath;
            ExpressionAst value = i switch
            {
                0 => Variable(_input.SourceVariable),
                1 => Variable(Current),
                _ => Call(_extent, nameof(InlinedCalls<object>.ArgumentAt), new ConstantExpressionAst(_extent, i - 2)),
            };
            yield return Assign(name, value);
        }
    }

    private StatementBlockAst Rewrite(StatementBlockAst block) => new(block.Extent, Rewrite(block.Statements), null);

    private StatementAst[] Rewrite(IEnumerable<StatementAst> statements) => statements.SelectMany(Rewrite).ToArray();

    private IEnumerable<StatementAst> Rewrite(StatementAst statement) => statement switch
    {
        PipelineAst { PipelineElements: [CommandExpressionAst single] } when HasOutput(single.Expression) => [Output(single)],
        ReturnStatementAst { Pipeline: { } result } => [.. Rewrite(result), new ReturnStatementAst(statement.Extent, null)],
        IfStatementAst choice =>
        [
            new IfStatementAst(
                choice.Extent,
                choice.Clauses.Select(clause => Tuple.Create(Copy(clause.Item1), Rewrite(clause.Item2))),
                choice.ElseClause is null ? null : Rewrite(choice.ElseClause)),
        ],
        SwitchStatementAst choice =>
        [
            new SwitchStatementAst(
                choice.Extent,
                choice.Label,
                Copy(choice.Condition),
                choice.Flags,
                choice.Clauses.Select(clause => Tuple.Create(Condition(clause.Item1, choice.Flags), Rewrite(clause.Item2))),
                choice.Default is null ? null : Rewrite(choice.Default)),
        ],
        ForEachStatementAst loop =>
            [new ForEachStatementAst(loop.Extent, loop.Label, loop.Flags, Copy(loop.Variable), Copy(loop.Condition), Rewrite(loop.Body))],
        ForStatementAst loop =>
        [
            new ForStatementAst(
                loop.Extent, loop.Label, CopyOf(loop.Initializer), CopyOf(loop.Condition), CopyOf(loop.Iterator), Rewrite(loop.Body)),
        ],
        WhileStatementAst loop => [new WhileStatementAst(loop.Extent, loop.Label, Copy(loop.Condition), Rewrite(loop.Body))],
        DoWhileStatementAst loop => [new DoWhileStatementAst(loop.Extent, loop.Label, Copy(loop.Condition), Rewrite(loop.Body))],
        DoUntilStatementAst loop => [new DoUntilStatementAst(loop.Extent, loop.Label, Copy(loop.Condition), Rewrite(loop.Body))],
        TryStatementAst attempt =>
        [
            new TryStatementAst(
                attempt.Extent,
                Rewrite(attempt.Body),
                attempt.CatchClauses.Select(it => new CatchClauseAst(it.Extent, it.CatchTypes.Select(Copy), Rewrite(it.Body))),
                attempt.Finally is null ? null : Rewrite(attempt.Finally)),
        ],
        _ => [Copy(statement)],
    };

    /// <summary>A pattern becomes the regular expression that PowerShell would make of it anew at each match.</summary>
    private static ExpressionAst Condition(ExpressionAst condition, SwitchFlags flags)
    {
        if (!flags.HasFlag(SwitchFlags.Regex) || condition is not StringConstantExpressionAst pattern)
            return Copy(condition);
        RegexOptions options = flags.HasFlag(SwitchFlags.CaseSensitive) ? RegexOptions.None : RegexOptions.IgnoreCase;
        try
        {
            return new ConstantExpressionAst(condition.Extent, new Regex(pattern.Value, options | RegexOptions.Compiled));
        }
        catch (ArgumentException)
        {
            // Not a regular expression; PowerShell says so when it gets here.
            return Copy(condition);
        }
    }

    private static bool HasOutput(ExpressionAst expression) => expression is not (
        UnaryExpressionAst { TokenKind: TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus }
        or ConvertExpressionAst { StaticType.FullName: "System.Void" });

    private static PipelineAst Output(CommandExpressionAst single) =>
        ValueOf(Call(single.Extent, nameof(InlinedCalls<object>.Output), Rewrite(single.Expression)));

    /// <summary>Of what comes as text, a conversion to a number is what takes the longest.</summary>
    private static ExpressionAst Rewrite(ExpressionAst expression) => expression switch
    {
        ConvertExpressionAst convert when convert.StaticType == typeof(int) => new ConvertExpressionAst(
            convert.Extent,
            Copy(convert.Type),
            Call(convert.Extent, nameof(InlinedCalls<object>.Number), Rewrite(convert.Child))),
        BinaryExpressionAst both =>
            new BinaryExpressionAst(both.Extent, Rewrite(both.Left), both.Operator, Rewrite(both.Right), both.ErrorPosition),
        _ => Copy(expression),
    };

    private static InvokeMemberExpressionAst Call(IScriptExtent extent, string method, ExpressionAst argument) => new(
        extent,
        new VariableExpressionAst(extent, Calls, splatted: false),
        new StringConstantExpressionAst(extent, method, StringConstantType.BareWord),
        [argument],
        @static: false);

    private static PipelineAst ValueOf(ExpressionAst expression) =>
        new(expression.Extent, new CommandExpressionAst(expression.Extent, expression, null));

    private static T Copy<T>(T ast)
        where T : Ast => (T)ast.Copy();

    private static PipelineBaseAst? CopyOf(PipelineBaseAst? ast) => (PipelineBaseAst?)ast?.Copy();

    private VariableExpressionAst Variable(string name) => new(_extent, name, splatted: false);

    private MemberExpressionAst Property(string name) =>
        new(_extent, Variable(Calls), new StringConstantExpressionAst(_extent, name, StringConstantType.BareWord), @static: false);

    private AssignmentStatementAst Assign(string name, ExpressionAst value) =>
        new(_extent, Variable(name), TokenKind.Equals, ValueOf(value), _extent);
}
