using System.Management.Automation;
using System.Management.Automation.Language;

namespace TwistedPS.Scripting;

/// <summary>The names of the variables that a handler has by itself.</summary>
internal static class HandlerNames
{
    private static readonly HashSet<string> s_given = new(StringComparer.OrdinalIgnoreCase)
    {
        "_", "args", "Client", "Connection", "input", "Process", "PSItem", "Request", "Response", "Server", "Subject", "this", "Timer",
        "Topic",
    };

    /// <summary>Whether a handler may be given a variable for its call.</summary>
    public static bool IsGiven(string name) => s_given.Contains(name);

    /// <summary>Returns the variables that a script sets, those of <c>$script:</c> without the scope.</summary>
    /// <param name="script">The script.</param>
    /// <param name="except">A part of it that is left out.</param>
    public static IEnumerable<string> AssignedIn(Ast script, Ast? except = null) => script
        .FindAll(ast => ast is VariableExpressionAst && IsTarget(ast) && !IsWithin(ast, except, script), searchNestedScriptBlocks: true)
        .Select(ast => NameOf(((VariableExpressionAst)ast).VariablePath));

    /// <summary>
    /// Returns the variables of <c>$script:</c> and <c>$global:</c> that a script sets, or of which it sets an item or a member.
    /// </summary>
    public static IEnumerable<string> ScopedIn(Ast script) => script
        .FindAll(ast => ast is VariableExpressionAst { VariablePath: { } path } && (path.IsScript || path.IsGlobal) && IsTarget(WholeOf(ast)), searchNestedScriptBlocks: true)
        .Select(ast => $"${((VariableExpressionAst)ast).VariablePath.UserPath}")
        .Distinct(StringComparer.OrdinalIgnoreCase);

    private static Ast WholeOf(Ast part)
    {
        while ((part.Parent as IndexExpressionAst)?.Target == part || (part.Parent as MemberExpressionAst)?.Expression == part)
            part = part.Parent;
        return part;
    }

    private static string NameOf(VariablePath path) => path.UserPath[(path.UserPath.LastIndexOf(':') + 1)..];

    private static bool IsTarget(Ast variable)
    {
        Ast target = variable;
        while (target.Parent is AttributedExpressionAst or ArrayLiteralAst)
            target = target.Parent;
        return target.Parent switch
        {
            AssignmentStatementAst assignment => assignment.Left == target,
            ForEachStatementAst loop => loop.Variable == target,
            ParameterAst parameter => parameter.Name == target,
            UnaryExpressionAst step => step.TokenKind is TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus,
            _ => false,
        };
    }

    private static bool IsWithin(Ast ast, Ast? part, Ast script)
    {
        for (Ast? outer = ast; part is not null && outer is not null && outer != script; outer = outer.Parent)
        {
            if (outer == part)
                return true;
        }

        return false;
    }
}
