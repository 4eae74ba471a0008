using System.Management.Automation.Language;

namespace TwistedPS.Scripting.Inlining;

/// <summary>The expressions of a handler: which of them depend on nothing that an earlier call may have left in the scope.</summary>
/// <param name="variables">The handler's variables.</param>
/// <param name="kinds">What is sure of their values.</param>
/// <param name="value">Looks at a statement within an expression.</param>
internal sealed class ScopedExpressions(HandlerVariables variables, ValueKinds kinds, Func<StatementAst?, Refusal?> value)
{
    private const string PowerShellNamespace = "System.Management.Automation";

    /// <summary>They run scripts in the scope that calls them.</summary>
    private static readonly HashSet<string> s_runScripts = new(StringComparer.OrdinalIgnoreCase)
    {
        "ForEach", "Invoke", "InvokeReturnAsIs", "InvokeWithContext", "Where",
    };

    /// <summary>They run a scriptblock on their right in the scope that they are in.</summary>
    private static readonly HashSet<TokenKind> s_takeScripts =
        [TokenKind.Ireplace, TokenKind.Creplace, TokenKind.Isplit, TokenKind.Csplit];

    /// <summary>They make no text of what is on their left, whatever it is; nor does an error of theirs.</summary>
    private static readonly HashSet<TokenKind> s_keepLeft =
    [
        TokenKind.Plus, TokenKind.Minus, TokenKind.Multiply, TokenKind.Divide, TokenKind.Rem,
        TokenKind.Ieq, TokenKind.Ceq, TokenKind.Ine, TokenKind.Cne, TokenKind.Icontains, TokenKind.Ccontains, TokenKind.Xor,
    ];

    /// <summary>Returns the reason that an expression may not have the value that it would have in a scope of the call's own.</summary>
    public Refusal? Refuse(ExpressionAst expression) => expression switch
    {
        ConstantExpressionAst or TypeExpressionAst => null,
        VariableExpressionAst variable => variables.Read(variable),
        ExpandableStringExpressionAst text => Refusal.FirstOf(text.NestedExpressions, RefuseText),
        BinaryExpressionAst both => Binary(both),
        UnaryExpressionAst { TokenKind: TokenKind.Join or TokenKind.Isplit or TokenKind.Csplit } one => RefuseText(one.Child),
        UnaryExpressionAst one => Refuse(one.Child),
        ParenExpressionAst group => value(group.Pipeline),
        SubExpressionAst group => Block(group.SubExpression),
        ArrayExpressionAst group => Block(group.SubExpression),
        ArrayLiteralAst many => Refusal.FirstOf(many.Elements, Refuse),
        HashtableAst table => Refusal.FirstOf(table.KeyValuePairs, pair => Refuse(pair.Item1) ?? value(pair.Item2)),
        ConvertExpressionAst { Type.TypeName.FullName: var type } convert =>
            Refusal.Unless(!type.Equals("ref", StringComparison.OrdinalIgnoreCase), convert, "it makes a reference to a variable")
            ?? RefuseText(convert.Child),
        InvokeMemberExpressionAst call => Call(call),
        MemberExpressionAst { Static: true, Member: StringConstantExpressionAst } => null,
        MemberExpressionAst { Member: StringConstantExpressionAst name } member => Refuse(member.Expression) ?? Member(member, name.Value),
        IndexExpressionAst index => Index(index),
        ScriptBlockExpressionAst => new Refusal("it has a scriptblock in it", expression.Extent),
        _ when NewerSyntax.Ternary(expression) is { } choice =>
            Refuse(choice.Condition) ?? MayRun(choice.IfTrue, choice.Condition) ?? MayRun(choice.IfFalse),
        _ => new Refusal($"{Refusal.Quote(expression)} is none of the expressions that can be inlined", expression.Extent),
    };

    /// <summary>
    /// What keeps a value from being used in a way that may make text of it: another object than text may have a script that
    /// does, or be one, and that sees every variable of the handler.
    /// </summary>
    public Refusal? RefuseUnknown(ExpressionAst expression) =>
        kinds.IsPlain(expression) || (variables.OwnType(expression) is { } own && KnownMembers.Has(own, nameof(ToString)))
            ? null
            : variables.ShowAll(expression);

    /// <summary>Returns the reason that the value of a statement may not be used in such a way.</summary>
    public Refusal? RefuseUnknown(StatementAst statement) =>
        ValueKinds.ValueOf(statement) is { } single ? RefuseUnknown(single) : variables.ShowAll(statement);

    private Refusal? RefuseText(ExpressionAst expression) => Refuse(expression) ?? RefuseUnknown(expression);

    private Refusal? Block(StatementBlockAst block) => block.Traps is [var trap, ..]
        ? new Refusal("it has a trap", trap.Extent)
        : Refusal.FirstOf(block.Statements, value);

    private Refusal? Binary(BinaryExpressionAst both) => both.Operator switch
    {
        TokenKind.And => Refuse(both.Left) ?? MayRun(both.Right, both.Left),
        TokenKind.Or => Refuse(both.Left) ?? MayRun(both.Right),
        var name when name == NewerSyntax.Coalesce => Refuse(both.Left) ?? MayRun(both.Right),
        TokenKind.Is or TokenKind.IsNot => Refuse(both.Left) ?? Refuse(both.Right),
        var name when s_takeScripts.Contains(name) => RefuseText(both.Left)
            ?? Refuse(both.Right)
            ?? Refusal.Unless(kinds.IsPlain(both.Right), both.Right, $"{Refusal.Quote(both.Right)} may be a scriptblock"),
        var name when s_keepLeft.Contains(name) => Refuse(both.Left) ?? RefuseText(both.Right),
        _ => Refuse(both.Left) ?? RefuseText(both.Right) ?? RefuseUnknown(both.Left),
    };

    private Refusal? MayRun(ExpressionAst part, ExpressionAst? condition = null) => variables.MayRun(() =>
    {
        if (condition is not null && kinds.HasMatchedIf(condition))
            variables.AssignMatches();
        return Refuse(part);
    });

    // With ?. and ?[ what is between the brackets may not run.
    private Refusal? Call(InvokeMemberExpressionAst call)
    {
        if (call.Member is not StringConstantExpressionAst { Value: var name })
            return new Refusal("the name of the method is only known when it runs", call.Member.Extent);
        if (s_runScripts.Contains(name))
            return new Refusal($"{name} may run a scriptblock", call.Extent);
        Refusal? arguments = variables.MayRun(() => Refusal.FirstOf(call.Arguments ?? Enumerable.Empty<ExpressionAst>(), RefuseText));
        return arguments ?? (call is { Static: true, Expression: TypeExpressionAst type }
            ? Refusal.Unless(IsOfDotNet(type), type, "it calls PowerShell itself, or a type that is not known")
            : Refuse(call.Expression) ?? Member(call, name));
    }

    private static bool IsOfDotNet(TypeExpressionAst type) =>
        type.TypeName.GetReflectionType()?.Namespace is { } owner && !owner.StartsWith(PowerShellNamespace, StringComparison.Ordinal);

    private Refusal? Index(IndexExpressionAst index) => Refuse(index.Target)
        ?? variables.MayRun(() => Refuse(index.Index) ?? (IsState(index.Target) ? null : RefuseUnknown(index.Index)));

    private Refusal? Member(MemberExpressionAst member, string name) =>
        IsKnown(member.Expression, name) ? null : variables.ShowAll(member);

    /// <summary>
    /// Whether it is sure what runs when a member is used. It may be a script elsewhere, and that sees every variable of the
    /// handler.
    /// </summary>
    private bool IsKnown(ExpressionAst target, string member)
    {
        if (variables.OwnType(target) is { } own)
            return KnownMembers.Has(own, member);
        if (HandlerVariables.IsMatches(target) || IsState(target))
            return KnownMembers.IsTable(member);
        return kinds.IsPlain(target) && ValueKinds.IsOfText(member) && KnownMembers.IsPlain(member);
    }

    private bool IsState(ExpressionAst expression) =>
        expression is MemberExpressionAst { Member: StringConstantExpressionAst { Value: var name } } state
            and not InvokeMemberExpressionAst
            && name.Equals(nameof(Connection.State), StringComparison.OrdinalIgnoreCase)
            && variables.OwnType(state.Expression) is { } own
            && KnownMembers.Has(own, name);
}
