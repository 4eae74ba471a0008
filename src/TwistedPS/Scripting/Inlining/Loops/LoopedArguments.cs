using System.Management.Automation;
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
    private const int Message = 1;

    private readonly ParameterAst[] _parameters = [.. handler.ParamBlock?.Parameters ?? Enumerable.Empty<ParameterAst>()];

    /// <summary>Whether to assign them does all that to bind them does.</summary>
    public bool CanAssign => Enumerable.Range(0, _parameters.Length).All(IsPlain)
        && !(_parameters.Length > 0 && handler.Find(IsBoundParameters, searchNestedScriptBlocks: true) is not null);

    /// <summary>The type of the parameter that gets the message; null for any.</summary>
    public Type? MessageType => _parameters.Length > Message ? TypesOf(Message).FirstOrDefault() : null;

    /// <summary>The checks of the parameter that gets the message.</summary>
    public ArgumentChecks MessageChecks => _parameters.Length > Message && AttributesOf(Message).Any(IsCheck)
        ? ArgumentChecks.Of(handler, _parameters[Message])
        : ArgumentChecks.None;

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

    /// <summary>Whether a parameter has one type at most, which leaves its argument as it is, or none but the message.</summary>
    private bool IsPlain(int i) => AttributesOf(i).All(attribute => IsHarmless(attribute) || CanAsk(attribute, i))
        && TypesOf(i) is var types
        && (types is [] || (types is [{ } type] && (i == Message || type == typeof(object) || TypeOf(i)?.IsAssignableTo(type) == true)));

    private IEnumerable<AttributeAst> AttributesOf(int i) => _parameters[i].Attributes.OfType<AttributeAst>();

    private Type?[] TypesOf(int i) => [.. _parameters[i].Attributes.OfType<TypeConstraintAst>().Select(type => type.TypeName.GetReflectionType())];

    /// <summary>Whether an attribute neither checks nor changes an argument.</summary>
    private static bool IsHarmless(AttributeAst attribute) => attribute.TypeName.GetReflectionAttributeType() is { } type
        && !type.IsAssignableTo(typeof(ValidateArgumentsAttribute))
        && !type.IsAssignableTo(typeof(ArgumentTransformationAttribute));

    /// <summary>Whether an attribute is a check that can be asked before the loop: of the message, and not of what the handler assigns.</summary>
    private bool CanAsk(AttributeAst attribute, int i) => i == Message && IsCheck(attribute) && !MayChange(_parameters[i]);

    private static bool IsCheck(AttributeAst attribute) =>
        attribute.TypeName.GetReflectionAttributeType() is { } type && ArgumentChecks.IsKnown(type);

    /// <summary>Whether the handler may assign a parameter, which would check the value.</summary>
    private bool MayChange(ParameterAst parameter) =>
        handler.Find(ast => LoopVisibility.MayAssign(ast, parameter), searchNestedScriptBlocks: true) is not null;

    /// <summary>The type of the argument at an index; null if it is not known.</summary>
    private Type? TypeOf(int i) => i == 0 ? input.Source : IsGiven(i) ? extraArguments[i - OwnArguments]?.GetType() : null;

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

    private static bool IsBoundParameters(Ast ast) => ast is VariableExpressionAst { VariablePath.UserPath: var name }
        && name.Equals("PSBoundParameters", StringComparison.OrdinalIgnoreCase);

    private static ExpressionAst Target(ParameterAst parameter) => parameter.Attributes.OfType<TypeConstraintAst>().Aggregate(
        (ExpressionAst)parameter.Name.Copy(),
        (target, type) => new ConvertExpressionAst(parameter.Extent, (TypeConstraintAst)type.Copy(), target));
}
