using System.Management.Automation.Language;

namespace TwistedPS.Scripting;

/// <summary>Builds a script that begins with setting variables, and whose other statements keep their places in the file.</summary>
internal sealed class VariableSetter
{
    private readonly ScriptBlockAst _script;
    private readonly IReadOnlyCollection<string> _variables;
    private readonly Func<string, ExpressionAst> _valueOf;

    private VariableSetter(ScriptBlockAst script, IReadOnlyCollection<string> variables, Func<string, ExpressionAst> valueOf) =>
        (_script, _variables, _valueOf) = (script, variables, valueOf);

    /// <param name="script">The script.</param>
    /// <param name="variables">The names of its variables.</param>
    /// <param name="valueOf">Makes the expression for the value of one.</param>
    /// <param name="isFilter">Whether it is to run for each object.</param>
    public static ScriptBlockAst Build(
        ScriptBlockAst script, IReadOnlyCollection<string> variables, Func<string, ExpressionAst> valueOf, bool isFilter) =>
        new VariableSetter(script, variables, valueOf).Build(isFilter);

    private ScriptBlockAst Build(bool isFilter)
    {
        NamedBlockAst? begin = Copy(_script.BeginBlock);
        NamedBlockAst? process = isFilter ? Block(TokenKind.Process, _script.EndBlock, []) : Copy(_script.ProcessBlock);
        NamedBlockAst? end = isFilter ? null : Copy(_script.EndBlock);
        if (begin is null && process is null)
            end = Block(TokenKind.End, _script.EndBlock, Assignments());
        else
            begin = Block(TokenKind.Begin, _script.BeginBlock ?? Block(TokenKind.Begin, null, []), Assignments());
        return new ScriptBlockAst(
            _script.Extent,
            _script.UsingStatements.Select(SyntaxTree.CopyOf),
            _script.Attributes.Select(Copy),
            Parameters(),
            begin,
            process,
            end,
            Copy(_script.DynamicParamBlock));
    }

    private NamedBlockAst Block(TokenKind kind, NamedBlockAst? block, IEnumerable<StatementAst> first)
    {
        IScriptExtent extent = block?.Extent ?? _script.Extent;
        IEnumerable<StatementAst> statements = [.. first, .. (block?.Statements ?? Enumerable.Empty<StatementAst>()).Select(Copy)];
        return new NamedBlockAst(extent, kind, new StatementBlockAst(extent, statements, block?.Traps?.Select(Copy)), block?.Unnamed ?? false);
    }

    private ParamBlockAst? Parameters() => _script.ParamBlock is { } block
        ? new ParamBlockAst(block.Extent, block.Attributes.Select(Copy), block.Parameters.Select(Parameter))
        : null;

    /// <summary>Default values come before the first statement, so they set what they need themselves.</summary>
    private ParameterAst Parameter(ParameterAst parameter)
    {
        if (parameter.DefaultValue is not { } value || value.Find(IsOurs, searchNestedScriptBlocks: true) is null)
            return Copy(parameter);
        PipelineAst result = SyntaxTree.ValueOf(new ArrayLiteralAst(value.Extent, [Copy(value)]));
        var setting = new SubExpressionAst(value.Extent, new StatementBlockAst(value.Extent, [.. Assignments(), result], null));
        return new ParameterAst(parameter.Extent, Copy(parameter.Name), parameter.Attributes.Select(Copy), setting);
    }

    private bool IsOurs(Ast ast) => ast is VariableExpressionAst variable && _variables.Contains(variable.VariablePath.UserPath, StringComparer.OrdinalIgnoreCase);

    private IEnumerable<StatementAst> Assignments()
    {
        IScriptExtent extent = _script.Extent;
        foreach (string name in _variables)
            yield return SyntaxTree.Assign(extent, SyntaxTree.Variable(extent, name), SyntaxTree.ValueOf(_valueOf(name)));
    }

    private static T Copy<T>(T ast)
        where T : Ast? => (T)ast?.Copy()!;
}
