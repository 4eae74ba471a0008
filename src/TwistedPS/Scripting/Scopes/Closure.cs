using System.Management.Automation;
using System.Management.Automation.Language;

namespace TwistedPS.Scripting;

/// <summary>A scriptblock of <c>GetNewClosure</c>, which has its variables in a module without a name.</summary>
internal static class Closure
{
    private const string ModulePrefix = "__DynamicModule_";

    /// <summary>Returns the variables of a closure that it mentions; none for any other scriptblock.</summary>
    public static IEnumerable<(string Name, object? Value)> VariablesOf(ScriptBlock script)
    {
        if (script.Module is not { } module || !module.Name.StartsWith(ModulePrefix, StringComparison.Ordinal))
            return [];
        return script.Ast
            .FindAll(ast => ast is VariableExpressionAst { VariablePath.IsUnqualified: true }, searchNestedScriptBlocks: true)
            .Select(ast => ((VariableExpressionAst)ast).VariablePath.UserPath)
            .Except(ParametersOf(script.Ast), StringComparer.OrdinalIgnoreCase)
            .Where(name => !HandlerNames.IsGiven(name))
            .Select(name => module.SessionState.PSVariable.Get($"script:{name}"))
            .Where(variable => variable is not null)
            .Select(variable => (variable.Name, (object?)variable.Value));
    }

    private static IEnumerable<string> ParametersOf(Ast script) => script
        .FindAll(ast => ast is ParameterAst && OwnerOf(ast) == script, searchNestedScriptBlocks: true)
        .Select(parameter => ((ParameterAst)parameter).Name.VariablePath.UserPath);

    private static Ast OwnerOf(Ast parameter)
    {
        Ast owner = parameter.Parent is ParamBlockAst block ? block.Parent : parameter.Parent;
        return owner.Parent is FunctionDefinitionAst function ? function : owner;
    }
}
