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

    /// <summary>They are numbers.</summary>
    private static readonly HashSet<string> s_sizes = new(StringComparer.OrdinalIgnoreCase) { "Count", "Length" };

    /// <summary>They run a scriptblock on their right in the scope that they are in.</summary>
    private static readonly HashSet<TokenKind> s_takeScripts =
        [TokenKind.Ireplace, TokenKind.Creplace, TokenKind.Isplit, TokenKind.Csplit];

    /// <summary>Whether an expression has the value that it would have in a scope of the call's own.</summary>
    public bool Suits(ExpressionAst expression) => expression switch
    {
        ConstantExpressionAst or TypeExpressionAst => true,
        VariableExpressionAst variable => variables.CanRead(variable),
        ExpandableStringExpressionAst text => text.NestedExpressions.All(inner => Suits(inner) && RunsNothingUnknown(inner)),
        BinaryExpressionAst { Operator: TokenKind.And or TokenKind.Or } both => Suits(both.Left) && MayRun(both),
        BinaryExpressionAst { Operator: var name } both when s_takeScripts.Contains(name) =>
            Suits(both.Left) && Suits(both.Right) && IsPlain(both.Right) && RunsNothingUnknown(both.Left),
        BinaryExpressionAst both => Suits(both.Left)
            && Suits(both.Right)
            && (!MakesText(both) || (RunsNothingUnknown(both.Left) && RunsNothingUnknown(both.Right))),
        UnaryExpressionAst one => Suits(one.Child),
        ParenExpressionAst group => value(group.Pipeline),
        SubExpressionAst group => Block(group.SubExpression),
        ArrayExpressionAst group => Block(group.SubExpression),
        ArrayLiteralAst many => many.Elements.All(Suits),
        HashtableAst table => table.KeyValuePairs.All(pair => Suits(pair.Item1) && value(pair.Item2)),
        ConvertExpressionAst { Type.TypeName: var type } convert =>
            !type.FullName.Equals("ref", StringComparison.OrdinalIgnoreCase) && Suits(convert.Child) && RunsNothingUnknown(convert.Child),
        InvokeMemberExpressionAst call => Call(call),
        MemberExpressionAst { Static: true, Member: StringConstantExpressionAst } => true,
        MemberExpressionAst { Member: StringConstantExpressionAst name } member =>
            Suits(member.Expression) && (IsKnown(member.Expression, name.Value) || variables.AllAreAssigned),
        IndexExpressionAst index => Suits(index.Target) && Suits(index.Index),
        _ => false,
    };

    /// <summary>What is sure of an expression's value.</summary>
    public ValueKind KindOf(ExpressionAst expression) => expression switch
    {
        StringConstantExpressionAst or ExpandableStringExpressionAst => ValueKind.Text,
        ConstantExpressionAst => ValueKind.Plain,
        VariableExpressionAst variable => variables.KindOf(variable),
        ParenExpressionAst group => KindOf(group.Pipeline),
        SubExpressionAst { SubExpression.Statements: [var single] } => KindOf(single),
        ArrayLiteralAst many => many.Elements.All(IsPlain) ? ValueKind.Plain : ValueKind.Any,
        ConvertExpressionAst convert => KindOf(convert),
        IndexExpressionAst { Index: ConstantExpressionAst } index =>
            HandlerVariables.IsMatches(index.Target) || KindOf(index.Target) == ValueKind.Parts ? ValueKind.Text : ValueKind.Any,
        BinaryExpressionAst both => KindOf(both),
        InvokeMemberExpressionAst { Member: StringConstantExpressionAst name } call =>
            KindOf(call.Expression) == ValueKind.Text && GivesText(name.Value) ? ValueKind.Text : ValueKind.Any,
        MemberExpressionAst { Member: StringConstantExpressionAst { Value: var name } } member =>
            IsPlain(member.Expression) && s_sizes.Contains(name) ? ValueKind.Plain : ValueKind.Any,
        _ => ValueKind.Any,
    };

    /// <summary>What is sure of a statement's value.</summary>
    public ValueKind KindOf(StatementAst statement) => ValueOf(statement) is { } single ? KindOf(single) : ValueKind.Any;

    /// <summary>What is sure after a conversion.</summary>
    public static ValueKind KindOf(ConvertExpressionAst convert) => convert.StaticType switch
    {
        var type when type == typeof(string) => ValueKind.Text,
        { IsPrimitive: true } => ValueKind.Plain,
        _ => ValueKind.Any,
    };

    private ValueKind KindOf(BinaryExpressionAst both) => both.Operator switch
    {
        TokenKind.Format or TokenKind.Join => ValueKind.Text,
        TokenKind.Plus or TokenKind.Ireplace or TokenKind.Creplace when KindOf(both.Left) == ValueKind.Text => ValueKind.Text,
        TokenKind.Isplit or TokenKind.Csplit when KindOf(both.Left) == ValueKind.Text => ValueKind.Parts,
        _ => IsPlain(both.Left) && IsPlain(both.Right) ? ValueKind.Plain : ValueKind.Any,
    };

    private bool IsPlain(ExpressionAst expression) => KindOf(expression) != ValueKind.Any;

    /// <summary>Whether a condition that holds has set <c>$Matches</c>. It does not when it looks at more than one text.</summary>
    public bool HasMatchedIf(PipelineBaseAst condition) => ValueOf(condition) is { } single && HasMatchedIf(single);

    private bool HasMatchedIf(ExpressionAst condition) => condition switch
    {
        BinaryExpressionAst { Operator: TokenKind.Imatch or TokenKind.Cmatch } match => KindOf(match.Left) == ValueKind.Text,
        BinaryExpressionAst { Operator: TokenKind.And } both => HasMatchedIf(both.Left) || HasMatchedIf(both.Right),
        ParenExpressionAst group => HasMatchedIf(group.Pipeline),
        _ => false,
    };

    private bool MakesText(BinaryExpressionAst both) =>
        both.Operator is TokenKind.Format or TokenKind.Join || KindOf(both.Left) == ValueKind.Text;

    /// <summary>
    /// Whether no script runs when an expression's value is used: another object than text may have one that makes text of it,
    /// or be one, and that sees every variable of the handler.
    /// </summary>
    private bool RunsNothingUnknown(ExpressionAst expression) =>
        IsPlain(expression) || variables.IsOwn(expression) || variables.AllAreAssigned;

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
        if (call.Arguments is { } arguments && !arguments.All(argument => Suits(argument) && RunsNothingUnknown(argument)))
            return false;
        if (call is { Static: true, Expression: TypeExpressionAst type })
            return type.TypeName.GetReflectionType()?.Namespace is { } owner && !owner.StartsWith(PowerShellNamespace, StringComparison.Ordinal);
        return Suits(call.Expression) && (IsKnown(call.Expression, name.Value) || variables.AllAreAssigned);
    }

    /// <summary>
    /// Whether it is sure what runs when a member is used. It may be a script elsewhere, and that sees every variable of the
    /// handler.
    /// </summary>
    private bool IsKnown(ExpressionAst target, string member) =>
        (IsPlain(target) && (s_sizes.Contains(member) || TextMethods(member).Any()))
        || variables.IsOwn(target)
        || HandlerVariables.IsMatches(target)
        || (target is MemberExpressionAst { Member: StringConstantExpressionAst { Value: var name } } state
            and not InvokeMemberExpressionAst
            && name.Equals("State", StringComparison.OrdinalIgnoreCase)
            && variables.IsOwn(state.Expression));

    private static bool GivesText(string method) => TextMethods(method).Distinct().SequenceEqual([typeof(string)]);

    /// <summary>What the methods of a string of a name return.</summary>
    private static IEnumerable<Type> TextMethods(string method) => typeof(string).GetMethods()
        .Where(candidate => candidate.Name.Equals(method, StringComparison.OrdinalIgnoreCase))
        .Select(candidate => candidate.ReturnType);
}
