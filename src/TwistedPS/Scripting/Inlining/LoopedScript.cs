using System.Management.Automation.Language;

namespace TwistedPS.Scripting.Inlining;

/// <summary>
/// Builds the script that runs a handler with commands for many messages: a loop around a copy of its statements, whose output is
/// the script's own. The scope is made as good as new between them, so little needs to be known of the handler.
/// </summary>
internal static class LoopedScript
{
    /// <summary>Returns a script whose argument are <see cref="LoopedCalls"/>; null where a call could tell that it is in a loop.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="sourceVariable">The name of the variable that holds the connection.</param>
    /// <param name="extraArguments">The handler's arguments besides its own.</param>
    public static ScriptBlockAst? Build(ScriptBlockAst handler, string sourceVariable, object?[] extraArguments)
    {
        if (SharedScope.UsingOf(handler) is not null || !HasPlainBody(handler) || handler.Find(CanTell, searchNestedScriptBlocks: true) is not null)
            return null;
        IScriptExtent extent = handler.Extent;
        StatementAst[] body =
        [
            .. Parameters(handler, sourceVariable, extraArguments),
            .. handler.EndBlock.Statements.Select(statement => (StatementAst)statement.Copy()),
        ];
        var calls = new IndexExpressionAst(extent, Variable(extent, "args"), new ConstantExpressionAst(extent, 0));
        var loop = new ForEachStatementAst(
            extent, null, ForEachFlags.None, Variable(extent, "_"), ValueOf(calls), new StatementBlockAst(extent, body, null));
        return new ScriptBlockAst(extent, null, new StatementBlockAst(extent, [loop, .. Locals(handler)], null), isFilter: false);
    }

    private static bool HasPlainBody(ScriptBlockAst handler) =>
        handler is { BeginBlock: null, ProcessBlock: null, DynamicParamBlock: null, EndBlock: { Unnamed: true, Traps: null or [] } }
        && (handler.ParamBlock is not { } block
            || (block.Attributes.Count == 0 && block.Parameters.All(parameter => parameter is { Attributes.Count: 0, DefaultValue: null })));

    /// <summary>Whether something differs in a loop, or outlives the call in its scope.</summary>
    private static bool CanTell(Ast ast) => ast switch
    {
        VariableExpressionAst { VariablePath.UserPath: var name } => HandlerVariables.IsAutomatic(name),
        ConvertExpressionAst convert => convert.Type.TypeName.FullName.Equals("ref", StringComparison.OrdinalIgnoreCase),
        BreakStatementAst { Label: var label } => label is not null,
        ContinueStatementAst { Label: var label } => label is not null,
        _ => ast is FunctionDefinitionAst or TypeDefinitionAst or ConfigurationDefinitionAst or TrapStatementAst,
    };

    private static IEnumerable<StatementAst> Parameters(ScriptBlockAst handler, string sourceVariable, object?[] extraArguments) =>
        (handler.ParamBlock?.Parameters ?? Enumerable.Empty<ParameterAst>()).Select((parameter, i) => Assign(parameter.Extent, parameter.Name, i switch
        {
            0 => Variable(parameter.Extent, sourceVariable),
            1 => Variable(parameter.Extent, "_"),
            _ => new ConstantExpressionAst(parameter.Extent, i - 2 < extraArguments.Length ? extraArguments[i - 2] : null),
        }));

    /// <summary>A variable that is assigned in plain sight, if never, is one whose value can be taken away again.</summary>
    private static IEnumerable<StatementAst> Locals(ScriptBlockAst handler) => Variables(handler)
        .Select(name => Assign(handler.Extent, Variable(handler.Extent, name), new ConstantExpressionAst(handler.Extent, null)));

    private static IEnumerable<string> Variables(ScriptBlockAst handler) =>
        handler.Find(HandlerVariables.MayMatch, searchNestedScriptBlocks: true) is null ? [] : [HandlerVariables.Matches];

    private static AssignmentStatementAst Assign(IScriptExtent extent, VariableExpressionAst variable, ExpressionAst value) =>
        new(extent, (ExpressionAst)variable.Copy(), TokenKind.Equals, ValueOf(value), extent);

    private static VariableExpressionAst Variable(IScriptExtent extent, string name) => new(extent, name, splatted: false);

    private static PipelineAst ValueOf(ExpressionAst expression) =>
        new(expression.Extent, new CommandExpressionAst(expression.Extent, expression, null));
}
