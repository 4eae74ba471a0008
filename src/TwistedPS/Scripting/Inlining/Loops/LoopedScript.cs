using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace TwistedPS.Scripting.Inlining;

/// <summary>
/// Builds the script that runs a handler with commands for many messages: a loop around a copy of its statements, whose output is
/// the script's own. The scope is made as good as new between them, so little needs to be known of the handler.
/// </summary>
internal static class LoopedScript
{
    /// <summary>Returns a script whose argument are <see cref="LoopedCalls"/>; null where a call could tell that it is in a loop.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ScriptBlockAst? Build(ScriptBlockAst handler, LoopedArguments arguments)
    {
        if (!HasPlainBody(handler) || LoopVisibility.CanTell(handler) || !arguments.CanAssign)
            return null;
        IScriptExtent extent = handler.Extent;
        StatementAst[] body =
        [
            .. arguments.Assignments(),
            .. Copy(handler.EndBlock.Statements.Where(statement => statement is not TypeDefinitionAst))!,
        ];
        VariableExpressionAst current = SyntaxTree.Variable(extent, HandlerVariables.Current);
        var calls = new IndexExpressionAst(extent, SyntaxTree.Variable(extent, HandlerVariables.Arguments), new ConstantExpressionAst(extent, 0));
        var loop = new ForEachStatementAst(
            extent, null, ForEachFlags.None, current, SyntaxTree.ValueOf(calls), new StatementBlockAst(extent, body, Copy(handler.EndBlock.Traps)));
        var script = new ScriptBlockAst(
            extent,
            handler.UsingStatements.Select(SyntaxTree.CopyOf).ToList(),
            null,
            new StatementBlockAst(extent, [loop, .. Locals(handler)], null),
            isFilter: false);
        return OwnPatterns.Give(script, RegexOptions.Compiled);
    }

    private static bool HasPlainBody(ScriptBlockAst handler) =>
        handler is { BeginBlock: null, ProcessBlock: null, DynamicParamBlock: null, EndBlock.Unnamed: true };

    private static IEnumerable<T>? Copy<T>(IEnumerable<T>? parts)
        where T : Ast => parts?.Select(part => (T)part.Copy());

    /// <summary>
    /// Statements behind the loop, for what PowerShell makes of the whole script. A variable that is assigned in plain sight is one
    /// whose value can be taken away again; where one is private, all are objects that a call can leave to those that refer to them.
    /// </summary>
    private static IEnumerable<StatementAst> Locals(ScriptBlockAst handler)
    {
        if (handler.Find(HandlerVariables.MayMatch, searchNestedScriptBlocks: true) is not null)
            yield return Clear(handler.Extent, HandlerVariables.Matches);
        if (LoopVisibility.MayKeepReference(handler))
            yield return Clear(handler.Extent, $"private:{HandlerVariables.Matches}");
    }

    private static AssignmentStatementAst Clear(IScriptExtent extent, string variable) =>
        SyntaxTree.Assign(extent, SyntaxTree.Variable(extent, variable), SyntaxTree.ValueOf(new ConstantExpressionAst(extent, null)));
}
