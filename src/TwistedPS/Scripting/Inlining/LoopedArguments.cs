using System.Management.Automation.Language;

namespace TwistedPS.Scripting.Inlining;

/// <summary>
/// The arguments of a handler in the loop around it, which are assigned at the beginning of each round as PowerShell would bind them
/// for each call.
/// </summary>
/// <param name="handler">The handler.</param>
/// <param name="input">What it is given.</param>
/// <param name="extraArguments">Its arguments besides its own.</param>
internal sealed class LoopedArguments(ScriptBlockAst handler, HandlerInput input, object?[] extraArguments)
{
    private const int OwnArguments = 2;

    private readonly ParameterAst[] _parameters = [.. handler.ParamBlock?.Parameters ?? Enumerable.Empty<ParameterAst>()];

    /// <summary>Whether to assign them does all that to bind them does.</summary>
    public bool CanAssign => handler.ParamBlock is null or { Attributes.Count: 0 } && Enumerable.Range(0, _parameters.Length).All(IsPlain);

    /// <summary>Returns the statements that assign them.</summary>
    public IEnumerable<StatementAst> Assignments()
    {
        for (int i = 0; i < _parameters.Length; i++)
        {
            ParameterAst parameter = _parameters[i];
            yield return SyntaxTree.Assign(parameter.Extent, Target(parameter), Value(i, parameter.Extent));
        }

        if (handler.Find(ast => LoopVisibility.IsOwn(ast, handler, HandlerVariables.Arguments), searchNestedScriptBlocks: true) is not null)
            yield return Rest();
    }

    /// <summary>Whether the type of a parameter leaves every argument that it can get as it is.</summary>
    private bool IsPlain(int i) => _parameters[i].Attributes.All(attribute => attribute is TypeConstraintAst
        && attribute.TypeName.GetReflectionType() is { } type
        && (type == typeof(object) || TypeOf(i)?.IsAssignableTo(type) == true));

    /// <summary>The type of the argument at an index; null if it is not known.</summary>
    private Type? TypeOf(int i) => i switch
    {
        0 => input.Source,
        1 => input.IsText ? typeof(string) : null,
        _ => IsGiven(i) ? extraArguments[i - OwnArguments]?.GetType() : null,
    };

    private bool IsGiven(int i) => i < OwnArguments + extraArguments.Length;

    private PipelineAst Value(int i, IScriptExtent extent) => SyntaxTree.ValueOf(IsGiven(i)
        ? Argument(i, extent)
        : (ExpressionAst?)_parameters[i].DefaultValue?.Copy() ?? new ConstantExpressionAst(extent, null));

    private ExpressionAst Argument(int i, IScriptExtent extent) => i switch
    {
        0 => SyntaxTree.Variable(extent, input.SourceVariable),
        1 => SyntaxTree.Variable(extent, HandlerVariables.Current),
        _ => new ConstantExpressionAst(extent, extraArguments[i - OwnArguments]),
    };

    /// <summary>Sets <c>$args</c> to the arguments that no parameter takes.</summary>
    private AssignmentStatementAst Rest()
    {
        IScriptExtent extent = handler.Extent;
        ExpressionAst[] rest =
        [
            .. Enumerable.Range(0, OwnArguments + extraArguments.Length).Skip(_parameters.Length).Select(i => Argument(i, extent)),
        ];
        StatementAst value = rest is []
            ? SyntaxTree.ValueOf(new ArrayExpressionAst(extent, new StatementBlockAst(extent, [], null)))
            : SyntaxTree.ValueOf(new ArrayLiteralAst(extent, rest));
        return SyntaxTree.Assign(extent, SyntaxTree.Variable(extent, HandlerVariables.Arguments), value);
    }

    private static ExpressionAst Target(ParameterAst parameter) => parameter.Attributes.Reverse().Aggregate(
        (ExpressionAst)parameter.Name.Copy(),
        (target, type) => new ConvertExpressionAst(parameter.Extent, (TypeConstraintAst)type.Copy(), target));
}
