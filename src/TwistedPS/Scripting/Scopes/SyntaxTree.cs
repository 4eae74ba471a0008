using System.Management.Automation.Language;

namespace TwistedPS.Scripting;

/// <summary>Parts of the scripts that are built.</summary>
internal static class SyntaxTree
{
    public static VariableExpressionAst Variable(IScriptExtent place, string name) => new(place, name, splatted: false);

    /// <summary>Returns a pipeline whose output is the value of an expression.</summary>
    public static PipelineAst ValueOf(ExpressionAst expression) =>
        new(expression.Extent, new CommandExpressionAst(expression.Extent, expression, null));

    public static AssignmentStatementAst Assign(IScriptExtent place, ExpressionAst target, StatementAst value) =>
        new(place, target, TokenKind.Equals, value, place);

    /// <summary>Returns a copy of a <c>using</c>; PowerShell's own fails.</summary>
    public static UsingStatementAst CopyOf(UsingStatementAst used) =>
        new(used.Extent, used.UsingStatementKind, (StringConstantExpressionAst)used.Name.Copy());
}
