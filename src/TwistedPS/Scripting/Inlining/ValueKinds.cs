using System.Management.Automation.Language;

namespace TwistedPS.Scripting.Inlining;

/// <summary>The kinds of the values of a handler's expressions, whatever its input.</summary>
/// <param name="variables">The handler's variables.</param>
internal sealed class ValueKinds(HandlerVariables variables)
{
    /// <summary>They are numbers.</summary>
    private static readonly HashSet<string> s_sizes = new(StringComparer.OrdinalIgnoreCase) { "Count", "Length" };

    /// <summary>They give true or false.</summary>
    private static readonly HashSet<TokenKind> s_tests =
    [
        TokenKind.And, TokenKind.Or, TokenKind.Xor, TokenKind.Is, TokenKind.IsNot,
        TokenKind.Iin, TokenKind.Cin, TokenKind.Inotin, TokenKind.Cnotin,
        TokenKind.Icontains, TokenKind.Ccontains, TokenKind.Inotcontains, TokenKind.Cnotcontains,
    ];

    /// <summary>Returns the kind of an expression's value.</summary>
    public ValueKind KindOf(ExpressionAst expression) => expression switch
    {
        StringConstantExpressionAst or ExpandableStringExpressionAst => ValueKind.Text,
        ConstantExpressionAst constant => KindOf(constant.Value),
        VariableExpressionAst variable => variables.KindOf(variable),
        ParenExpressionAst group => KindOf(group.Pipeline),
        SubExpressionAst { SubExpression.Statements: [var single] } => KindOf(single),
        ArrayLiteralAst many => many.Elements.All(IsPlain) ? ValueKind.Plain : ValueKind.Any,
        ConvertExpressionAst convert => KindOf(convert),
        IndexExpressionAst { Index: ConstantExpressionAst } index =>
            HandlerVariables.IsMatches(index.Target) || KindOf(index.Target) == ValueKind.Parts ? ValueKind.Text : ValueKind.Any,
        BinaryExpressionAst both => KindOf(both),
        UnaryExpressionAst { TokenKind: TokenKind.Not or TokenKind.Exclaim } => ValueKind.Plain,
        InvokeMemberExpressionAst { Member: StringConstantExpressionAst name } call =>
            KindOf(call.Expression) == ValueKind.Text && GivesText(name.Value) ? ValueKind.Text : ValueKind.Any,
        MemberExpressionAst { Member: StringConstantExpressionAst { Value: var name } } member =>
            (IsPlain(member.Expression) && s_sizes.Contains(name))
            || (variables.OwnType(member.Expression) is { } own && KnownMembers.GivesPlain(own, name)) ? ValueKind.Plain : ValueKind.Any,
        _ when NewerSyntax.Ternary(expression) is { } choice => Either(choice.IfTrue, choice.IfFalse),
        _ => ValueKind.Any,
    };

    /// <summary>Returns the kind of a statement's value.</summary>
    public ValueKind KindOf(StatementAst statement) => ValueOf(statement) is { } single ? KindOf(single) : ValueKind.Any;

    /// <summary>Returns the kind of a value that a <c>$using:</c> variable has, or that is written down.</summary>
    private static ValueKind KindOf(object? value) => value switch
    {
        string => ValueKind.Text,
        null or decimal => ValueKind.Plain,
        _ => value.GetType().IsPrimitive ? ValueKind.Plain : ValueKind.Any,
    };

    /// <summary>Returns the kind of a converted value.</summary>
    public static ValueKind KindOf(ConvertExpressionAst convert) => convert.StaticType switch
    {
        var type when type == typeof(string) => ValueKind.Text,
        { IsPrimitive: true } => ValueKind.Plain,
        _ => ValueKind.Any,
    };

    /// <summary>Returns the kind of each item of a value of a kind.</summary>
    public static ValueKind ItemOf(ValueKind? many) => many == ValueKind.Parts ? ValueKind.Text : many ?? ValueKind.Any;

    /// <summary>Whether a value is text, a number, or several of them.</summary>
    public bool IsPlain(ExpressionAst expression) => KindOf(expression) != ValueKind.Any;

    /// <summary>Whether text, or all that is plain, has a member of a name.</summary>
    public static bool IsOfText(string member) => s_sizes.Contains(member) || TextMethods(member).Any();

    /// <summary>Whether a condition that holds has set <c>$Matches</c>. It does not when it looks at more than one text.</summary>
    public bool HasMatchedIf(StatementAst condition) => ValueOf(condition) is { } single && HasMatchedIf(single);

    /// <summary>Whether a condition that holds has set <c>$Matches</c>.</summary>
    public bool HasMatchedIf(ExpressionAst condition) => condition switch
    {
        BinaryExpressionAst { Operator: TokenKind.Imatch or TokenKind.Cmatch } match => KindOf(match.Left) == ValueKind.Text,
        BinaryExpressionAst { Operator: TokenKind.And } both => HasMatchedIf(both.Left) || HasMatchedIf(both.Right),
        ParenExpressionAst group => HasMatchedIf(group.Pipeline),
        _ => false,
    };

    private ValueKind KindOf(BinaryExpressionAst both) => both.Operator switch
    {
        TokenKind.Format or TokenKind.Join => ValueKind.Text,
        TokenKind.Plus or TokenKind.Ireplace or TokenKind.Creplace when KindOf(both.Left) == ValueKind.Text => ValueKind.Text,
        TokenKind.Isplit or TokenKind.Csplit when KindOf(both.Left) == ValueKind.Text => ValueKind.Parts,
        var name when s_tests.Contains(name) => ValueKind.Plain,
        var name when name == NewerSyntax.Coalesce => Either(both.Left, both.Right),
        _ => IsPlain(both.Left) && IsPlain(both.Right) ? ValueKind.Plain : ValueKind.Any,
    };

    private ValueKind Either(ExpressionAst one, ExpressionAst other) => (KindOf(one), KindOf(other)) switch
    {
        (ValueKind.Any, _) or (_, ValueKind.Any) => ValueKind.Any,
        var (first, second) => first == second ? first : ValueKind.Plain,
    };

    /// <summary>The expression that a statement consists of; null if it is something else.</summary>
    public static ExpressionAst? ValueOf(StatementAst statement) => statement switch
    {
        PipelineAst { PipelineElements: [CommandExpressionAst single] } => single.Expression,
        CommandExpressionAst single => single.Expression,
        _ => null,
    };

    private static bool GivesText(string method) => TextMethods(method).Distinct().SequenceEqual([typeof(string)]);

    /// <summary>Returns the return types of a string's methods of a name.</summary>
    private static IEnumerable<Type> TextMethods(string method) => typeof(string).GetMethods()
        .Where(candidate => candidate.Name.Equals(method, StringComparison.OrdinalIgnoreCase))
        .Select(candidate => candidate.ReturnType);
}
