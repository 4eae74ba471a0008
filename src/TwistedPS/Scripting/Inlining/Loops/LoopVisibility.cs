using System.Management.Automation.Language;

namespace TwistedPS.Scripting.Inlining;

/// <summary>Finds what would differ in a handler if its calls were the rounds of a loop, or outlives a call in its scope.</summary>
internal static class LoopVisibility
{
    private const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;

    /// <summary>Variables that are set before the loop, or by it, so that nothing takes away what a call assigns to them.</summary>
    private static readonly HashSet<string> s_setBefore = new(StringComparer.OrdinalIgnoreCase) { "foreach", "PSCommandPath", "PSScriptRoot" };

    /// <summary>Whether a call could tell that it is in a loop.</summary>
    public static bool CanTell(ScriptBlockAst handler) =>
        handler.UsingStatements.Any(used => used.UsingStatementKind != UsingStatementKind.Namespace)
        || handler.Find(ast => CanTell(ast, handler), searchNestedScriptBlocks: true) is not null;

    /// <summary>Whether a reference to a variable of a call may be there after the call.</summary>
    public static bool MayKeepReference(ScriptBlockAst handler) =>
        handler.Find(ast => IsKeptReference(ast, handler), searchNestedScriptBlocks: true) is not null;

    /// <summary>Whether it is a variable of the handler itself and of a name, not one of a scriptblock within it.</summary>
    public static bool IsOwn(Ast ast, ScriptBlockAst handler, string name) => ast is VariableExpressionAst { VariablePath.UserPath: var path }
        && path.Equals(name, IgnoreCase)
        && Above(ast, handler).OfType<ScriptBlockAst>().First() == handler;

    /// <summary>Whether a part of a handler assigns a parameter of it, or names it, as what sets a variable by its name does.</summary>
    public static bool MayAssign(Ast ast, ParameterAst parameter)
    {
        string name = parameter.Name.VariablePath.UserPath;
        return ast switch
        {
            VariableExpressionAst { VariablePath.UserPath: var path } variable =>
                variable.Parent != parameter && Names(path, name) && IsAssigned(variable),
            StringConstantExpressionAst { Value: var text } => Names(text, name),
            _ => false,
        };
    }

    private static bool CanTell(Ast ast, ScriptBlockAst handler) => ast switch
    {
        VariableExpressionAst { VariablePath.UserPath: var name } variable =>
            s_setBefore.Contains(name) && (IsAssigned(variable) || IsOfLoop(variable, name, handler)),
        ConvertExpressionAst { Child: VariableExpressionAst { VariablePath.UserPath: var name } } =>
            HandlerVariables.IsAutomatic(name) && IsKeptReference(ast, handler),
        TypeDefinitionAst => ast.Parent != handler.EndBlock,
        _ => ast is ConfigurationDefinitionAst,
    };

    private static bool IsOfLoop(VariableExpressionAst variable, string name, ScriptBlockAst handler) =>
        name.Equals("foreach", IgnoreCase) && !Above(variable, handler).OfType<ForEachStatementAst>().Any();

    private static bool IsKeptReference(Ast ast, ScriptBlockAst handler) =>
        ast is ConvertExpressionAst { Type.TypeName.FullName: var type, Child: VariableExpressionAst { VariablePath: var path } } reference
        && type.Equals("ref", IgnoreCase)
        && !path.IsScript
        && !path.IsGlobal
        && !IsGivenBack(reference)
        && !StaysInVariable(reference, handler);

    private static bool StaysInVariable(ConvertExpressionAst reference, ScriptBlockAst handler) =>
        reference.Parent is CommandExpressionAst { Parent: AssignmentStatementAst { Left: VariableExpressionAst { VariablePath: var own } } }
        && own.IsUnqualified
        && handler.Find(ast => MayPassOn(ast, own.UserPath), searchNestedScriptBlocks: true) is null;

    /// <summary>Whether a part of the handler does more with a variable than to assign it, to ask for a property of it or to give it back.</summary>
    private static bool MayPassOn(Ast ast, string name) => ast switch
    {
        VariableExpressionAst { VariablePath.UserPath: var path } variable => Names(path, name)
            && !IsGivenBack(variable)
            && variable.Parent is not (AssignmentStatementAst or CommandAst)
            && (variable.Parent is not MemberExpressionAst member || member is InvokeMemberExpressionAst || member.Expression != variable),
        StringConstantExpressionAst { Value: var text } => Names(text, name),
        _ => false,
    };

    /// <summary>Whether a path, which may have a scope or drive before it, is that of a variable.</summary>
    private static bool Names(string path, string variable) =>
        path.Equals(variable, IgnoreCase) || path.EndsWith($":{variable}", IgnoreCase);

    private static bool IsAssigned(VariableExpressionAst variable) => variable.Parent switch
    {
        AssignmentStatementAst assignment => assignment.Left == variable,
        ForEachStatementAst loop => loop.Variable == variable,
        ArrayLiteralAst { Parent: AssignmentStatementAst assignment } many => assignment.Left == many,
        AttributedExpressionAst or ParameterAst => true,
        UnaryExpressionAst { TokenKind: not (TokenKind.Not or TokenKind.Exclaim) } => true,
        _ => false,
    };

    /// <summary>Whether a reference is used up by a command, or by a method, as those of .NET that try something do.</summary>
    private static bool IsGivenBack(ExpressionAst reference) =>
        reference.Parent is CommandExpressionAst { Parent: PipelineAst { Parent: ParenExpressionAst { Parent: CommandAst } } }
        || (reference.Parent is InvokeMemberExpressionAst { Member: StringConstantExpressionAst { Value: var method } } call
            && call.Arguments?.Contains(reference) == true
            && method.StartsWith("Try", IgnoreCase));

    /// <summary>What a part of the handler is in, up to the handler.</summary>
    private static IEnumerable<Ast> Above(Ast ast, ScriptBlockAst handler)
    {
        while (ast != handler)
        {
            ast = ast.Parent;
            yield return ast;
        }
    }
}
