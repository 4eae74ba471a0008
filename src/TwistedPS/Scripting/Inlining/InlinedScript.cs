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

    private readonly ScriptBlockAst _handler;
    private readonly ScriptBlockAst? _ofData;
    private readonly HandlerInput _input;
    private readonly IScriptExtent _extent;

    private InlinedScript(ScriptBlockAst handler, HandlerInput input, ScriptBlockAst? ofData) =>
        (_handler, _input, _ofData, _extent) = (handler, input, ofData, handler.Extent);

    /// <param name="handler">A handler that <see cref="SharedScope"/> does not refuse.</param>
    /// <param name="input">What it is given.</param>
    /// <param name="ofData">Another one, for bytes among the messages; null for none.</param>
    /// <returns>A script whose input are <see cref="InlinedCalls{T}"/>.</returns>
    public static ScriptBlockAst Build(ScriptBlockAst handler, HandlerInput input, ScriptBlockAst? ofData = null) =>
        OwnPatterns.Give(new InlinedScript(handler, input, ofData).Build(), RegexOptions.Compiled);

    private ScriptBlockAst Build()
    {
        StatementAst[] given =
        [
            Assign(Calls, Variable(HandlerVariables.Current)),
            .. _input.HasManySources ? [] : Source(),
            Assign(_input.OwnerVariable, Property(nameof(InlinedCalls<object>.Owner))),
        ];
        var body = new StatementBlockAst(_extent, [.. _input.HasManySources ? Source() : [], .. Calling()], null);
        var loop = new ForEachStatementAst(_extent, null, ForEachFlags.None, Variable(HandlerVariables.Current), SyntaxTree.ValueOf(Variable(Calls)), body);
        var all = new StatementBlockAst(_extent, [.. given, .. Locals(), loop], null);
        return new ScriptBlockAst(_extent, null, all, isFilter: true);
    }

    /// <summary>Calls the handler, or that of the two which the current message is for.</summary>
    private IEnumerable<StatementAst> Calling()
    {
        if (_ofData is null)
            return Body(_handler);
        var isData = Tuple.Create<PipelineBaseAst, StatementBlockAst>(
            SyntaxTree.ValueOf(Property(nameof(InlinedCalls<object>.IsData))), new StatementBlockAst(_extent, Body(_ofData), null));
        return [new IfStatementAst(_extent, [isData], new StatementBlockAst(_extent, Body(_handler), null))];
    }

    private IEnumerable<StatementAst> Body(ScriptBlockAst handler) => [.. Parameters(handler), .. Rewrite(handler.EndBlock.Statements)];

    /// <summary>A variable that is assigned in plain sight is one that PowerShell finds at once, not by its name in all scopes.</summary>
    private IEnumerable<StatementAst> Locals() => MayMatch(_handler) || MayMatch(_ofData)
        ? [Assign(HandlerVariables.Matches, new ConstantExpressionAst(_extent, null))]
        : [];

    private static bool MayMatch(ScriptBlockAst? handler) => handler?.Find(HandlerVariables.MayMatch, searchNestedScriptBlocks: false) is not null;

    private IEnumerable<StatementAst> Source() => [Assign(_input.SourceVariable, Property(nameof(InlinedCalls<object>.Source)))];

    /// <summary>Gives the handler's parameters their values.</summary>
    private IEnumerable<StatementAst> Parameters(ScriptBlockAst handler)
    {
        if (handler.ParamBlock is not { } block)
            yield break;
        for (int i = 0; i < block.Parameters.Count; i++)
        {
            string name = block.Parameters[i].Name.VariablePath.UserPath;
            ExpressionAst value = i switch
            {
                0 => Variable(_input.SourceVariable),
                1 => Variable(HandlerVariables.Current),
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
        AssignmentStatementAst assignment =>
        [
            new AssignmentStatementAst(
                assignment.Extent, Copy(assignment.Left), assignment.Operator, RewriteValue(assignment.Right), assignment.ErrorPosition),
        ],
        IfStatementAst choice =>
        [
            new IfStatementAst(
                choice.Extent,
                choice.Clauses.Select(clause => Tuple.Create(RewriteValue(clause.Item1), Rewrite(clause.Item2))),
                choice.ElseClause is null ? null : Rewrite(choice.ElseClause)),
        ],
        SwitchStatementAst choice =>
        [
            new SwitchStatementAst(
                choice.Extent,
                choice.Label,
                Copy(choice.Condition),
                choice.Flags,
                choice.Clauses.Select(clause => Tuple.Create(Copy(clause.Item1), Rewrite(clause.Item2))),
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

    private static bool HasOutput(ExpressionAst expression) => expression is not (
        UnaryExpressionAst { TokenKind: TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus }
        or ConvertExpressionAst { StaticType.FullName: "System.Void" });

    private static PipelineAst Output(CommandExpressionAst single) =>
        SyntaxTree.ValueOf(Call(single.Extent, nameof(InlinedCalls<object>.Output), Rewrite(single.Expression)));

    /// <summary>Of what comes as text, a conversion to a number is what takes the longest.</summary>
    private static ExpressionAst Rewrite(ExpressionAst expression) => expression switch
    {
        ConvertExpressionAst convert when convert.StaticType == typeof(int) => new ConvertExpressionAst(
            convert.Extent,
            Copy(convert.Type),
            Call(convert.Extent, nameof(InlinedCalls<object>.Number), Rewrite(convert.Child))),
        BinaryExpressionAst both =>
            new BinaryExpressionAst(both.Extent, Rewrite(both.Left), both.Operator, Rewrite(both.Right), both.ErrorPosition),
        ParenExpressionAst group => new ParenExpressionAst(group.Extent, RewriteValue(group.Pipeline)),
        InvokeMemberExpressionAst call when IsPlain(call) => new InvokeMemberExpressionAst(
            call.Extent, Rewrite(call.Expression), Copy(call.Member), call.Arguments.Select(Rewrite), call.Static),
        _ => Copy(expression),
    };

    /// <summary>A statement whose output is not the handler's, but a value.</summary>
    private static T RewriteValue<T>(T value)
        where T : StatementAst => (T)(StatementAst)(value switch
        {
            PipelineAst { PipelineElements: [CommandExpressionAst { Redirections.Count: 0 } single] } when !NewerSyntax.IsJob((PipelineAst)(StatementAst)value) =>
                new PipelineAst(value.Extent, RewriteValue(single)),
            CommandExpressionAst single => new CommandExpressionAst(single.Extent, Rewrite(single.Expression), null),
            _ => (StatementAst)value.Copy(),
        });

    /// <summary>Whether a call has arguments, and nothing that a tree can't be made with: <c>?.</c>, types in brackets.</summary>
    private static bool IsPlain(InvokeMemberExpressionAst call)
    {
        int start = call.Extent.StartOffset;
        string text = call.Extent.Text;
        string link = text[(call.Expression.Extent.EndOffset - start)..(call.Member.Extent.StartOffset - start)];
        return call.Arguments?.Count > 0 && link.Trim() is "." or "::" && text[call.Member.Extent.EndOffset - start] == '(';
    }

    private static InvokeMemberExpressionAst Call(IScriptExtent extent, string method, ExpressionAst argument) => new(
        extent,
        new VariableExpressionAst(extent, Calls, splatted: false),
        new StringConstantExpressionAst(extent, method, StringConstantType.BareWord),
        [argument],
        @static: false);

    private static T Copy<T>(T ast)
        where T : Ast => (T)ast.Copy();

    private static PipelineBaseAst? CopyOf(PipelineBaseAst? ast) => (PipelineBaseAst?)ast?.Copy();

    private VariableExpressionAst Variable(string name) => SyntaxTree.Variable(_extent, name);

    private MemberExpressionAst Property(string name) =>
        new(_extent, Variable(Calls), new StringConstantExpressionAst(_extent, name, StringConstantType.BareWord), @static: false);

    private AssignmentStatementAst Assign(string name, ExpressionAst value) =>
        SyntaxTree.Assign(_extent, Variable(name), SyntaxTree.ValueOf(value));
}
