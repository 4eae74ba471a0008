using System.Management.Automation.Language;

namespace TwistedPS.Scripting.Inlining;

/// <summary>The expressions of a handler: which of them depend on nothing that an earlier call may have left in the scope.</summary>
/// <param name="variables">The handler's variables.</param>
/// <param name="value">Looks at a statement within an expression.</param>
internal sealed class ScopedExpressions(HandlerVariables variables, Func<StatementAst?, bool> value)
{
    private const string PowerShellNamespace = "System.Management.Automation";

    /// <summary>They run scripts in the scope that calls them.</summary>
    private static readonly HashSet<string> s_runScripts = new(StringComparer.OrdinalIgnoreCase)
    {
        "ForEach", "Invoke", "InvokeReturnAsIs", "InvokeWithContext", "Where",
    };

    /// <summary>Whether an expression has the value that it would have in a scope of the call's own.</summary>
    public bool Suits(ExpressionAst expression) => expression switch
    {
        ConstantExpressionAst or TypeExpressionAst => true,
        VariableExpressionAst variable => variables.CanRead(variable),
        ExpandableStringExpressionAst text => text.NestedExpressions.All(Suits),
        BinaryExpressionAst { Operator: TokenKind.And or TokenKind.Or } both => Suits(both.Left) && MayRun(both),
        BinaryExpressionAst both => Suits(both.Left) && Suits(both.Right),
        UnaryExpressionAst one => Suits(one.Child),
        ParenExpressionAst group => value(group.Pipeline),
        SubExpressionAst group => Block(group.SubExpression),
        ArrayExpressionAst group => Block(group.SubExpression),
        ArrayLiteralAst many => many.Elements.All(Suits),
        HashtableAst table => table.KeyValuePairs.All(pair => Suits(pair.Item1) && value(pair.Item2)),
        ConvertExpressionAst { Type.TypeName: var type } convert =>
            !type.FullName.Equals("ref", StringComparison.OrdinalIgnoreCase) && Suits(convert.Child),
        InvokeMemberExpressionAst call => Call(call),
        MemberExpressionAst { Static: true, Member: StringConstantExpressionAst } => true,
        MemberExpressionAst { Member: StringConstantExpressionAst } member =>
            Suits(member.Expression) && (IsKnown(member.Expression) || variables.AllAreAssigned),
        IndexExpressionAst index => Suits(index.Target) && Suits(index.Index),
        _ => false,
    };

    /// <summary>Whether an expression is sure to be text.</summary>
    public bool IsText(ExpressionAst expression) => expression switch
    {
        StringConstantExpressionAst or ExpandableStringExpressionAst => true,
        VariableExpressionAst variable => variables.IsText(variable),
        ParenExpressionAst group => IsText(group.Pipeline),
        ConvertExpressionAst convert => convert.StaticType == typeof(string),
        IndexExpressionAst { Index: ConstantExpressionAst } index => HandlerVariables.IsMatches(index.Target) || variables.IsParts(index.Target),
        BinaryExpressionAst { Operator: TokenKind.Format or TokenKind.Join } => true,
        BinaryExpressionAst { Operator: TokenKind.Plus or TokenKind.Ireplace or TokenKind.Creplace } both => IsText(both.Left),
        InvokeMemberExpressionAst { Member: StringConstantExpressionAst name } call => IsText(call.Expression) && GivesText(name.Value),
        _ => false,
    };

    /// <summary>Whether a statement's value is sure to be text.</summary>
    public bool IsText(StatementAst statement) => ValueOf(statement) is { } single && IsText(single);

    /// <summary>Whether a statement's value is sure to be what text was split into.</summary>
    public bool IsParts(StatementAst statement) =>
        ValueOf(statement) is BinaryExpressionAst { Operator: TokenKind.Isplit or TokenKind.Csplit } split && IsText(split.Left);

    /// <summary>Whether a condition that holds has set <c>$Matches</c>. It does not when it looks at more than one text.</summary>
    public bool HasMatchedIf(PipelineBaseAst condition) => ValueOf(condition) is { } single && HasMatchedIf(single);

    private bool HasMatchedIf(ExpressionAst condition) => condition switch
    {
        BinaryExpressionAst { Operator: TokenKind.Imatch or TokenKind.Cmatch } match => IsText(match.Left),
        BinaryExpressionAst { Operator: TokenKind.And } both => HasMatchedIf(both.Left) || HasMatchedIf(both.Right),
        ParenExpressionAst group => HasMatchedIf(group.Pipeline),
        _ => false,
    };

    private static ExpressionAst? ValueOf(StatementAst statement) => statement switch
    {
        PipelineAst { PipelineElements: [CommandExpressionAst single] } => single.Expression,
        CommandExpressionAst single => single.Expression,
        _ => null,
    };

    private bool Block(StatementBlockAst block) => block.Traps is null or { Count: 0 } && block.Statements.All(value);

    private bool MayRun(BinaryExpressionAst both)
    {
        HashSet<string> before = variables.Assigned;
        if (both.Operator == TokenKind.And && HasMatchedIf(both.Left))
            variables.AssignMatches();
        bool suits = Suits(both.Right);
        variables.Assigned = before;
        return suits;
    }

    private bool Call(InvokeMemberExpressionAst call)
    {
        if (call.Member is not StringConstantExpressionAst name || s_runScripts.Contains(name.Value))
            return false;
        if (call.Arguments is { } arguments && !arguments.All(Suits))
            return false;
        if (call is { Static: true, Expression: TypeExpressionAst type })
            return type.TypeName.GetReflectionType()?.Namespace is { } owner && !owner.StartsWith(PowerShellNamespace, StringComparison.Ordinal);
        return Suits(call.Expression) && (IsKnown(call.Expression) || variables.AllAreAssigned);
    }

    /// <summary>
    /// Whether it is sure what runs when a member of it is used. A member of anything else may be a script, and that sees
    /// every variable of the handler.
    /// </summary>
    private bool IsKnown(ExpressionAst target) => IsText(target)
        || variables.IsParts(target)
        || variables.IsOwn(target)
        || HandlerVariables.IsMatches(target)
        || (target is MemberExpressionAst { Member: StringConstantExpressionAst { Value: var name } } state
            and not InvokeMemberExpressionAst
            && name.Equals("State", StringComparison.OrdinalIgnoreCase)
            && variables.IsOwn(state.Expression));

    private static bool GivesText(string method) => typeof(string).GetMethods()
        .Where(candidate => candidate.Name.Equals(method, StringComparison.OrdinalIgnoreCase))
        .Select(candidate => candidate.ReturnType)
        .Distinct()
        .SequenceEqual([typeof(string)]);
}
