using System.Management.Automation;
using System.Management.Automation.Language;

namespace TwistedPS.Scripting;

/// <summary>The variables, functions and classes of a session that handlers use which run in another.</summary>
internal sealed class BorrowedNames
{
    private const CommandTypes Defined = CommandTypes.Function | CommandTypes.Alias;

    /// <summary>PowerShell sets them sooner or later, wherever a script runs.</summary>
    private static readonly HashSet<string> s_automatic = new(StringComparer.OrdinalIgnoreCase)
    {
        "^", "$", "?", "Error", "Event", "foreach", "LASTEXITCODE", "Matches", "MyInvocation", "NestedPromptLevel", "PROFILE", "PSBoundParameters",
        "PSCmdlet", "PSCommandPath", "PSDebugContext", "PSItem", "PSScriptRoot", "Sender", "StackTrace", "switch",
    };

    private readonly HashSet<string> _variables = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _functions = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _types = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _ownTypes = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _own = new(s_automatic, StringComparer.OrdinalIgnoreCase);

    /// <summary>Notes what a script uses. On the thread of its session.</summary>
    public void Add(ScriptBlock script, SessionState session)
    {
        if (ReadsFile(script))
            return;
        _own.UnionWith(HandlerNames.AssignedIn(script.Ast));
        _own.UnionWith(Closure.VariablesOf(script).Select(variable => variable.Name));
        _own.UnionWith(All<FunctionDefinitionAst>(script).Select(function => function.Name));
        _ownTypes.UnionWith(All<TypeDefinitionAst>(script).Select(definition => definition.Name));
        _variables.UnionWith(VariablesOf(script).Where(name => !HandlerNames.IsGiven(name) && session.PSVariable.Get(name) is not null));
        _functions.UnionWith(All<CommandAst>(script).Select(call => call.GetCommandName()).Where(name => IsFunction(name, session)));
        _types.UnionWith(NamesOfTypes(script).Where(name => name.GetReflectionType() is { } type && ScriptClass.IsOfScript(type)).Select(name => name.FullName));
    }

    /// <summary>Returns a warning for each name that means nothing where the handlers run. On their thread.</summary>
    public IEnumerable<string> MissingIn(SessionState session)
    {
        foreach (string name in _variables.Except(_own, _own.Comparer).Where(name => session.PSVariable.Get(name) is null))
            yield return $"${name} exists only in this session, and is empty where the handlers run. Write $using:{name}, or set it in -InitializationScript.";
        foreach (string name in _functions.Except(_own, _own.Comparer).Where(name => session.InvokeCommand.GetCommand(name, CommandTypes.All) is null))
            yield return $"{name} exists only in this session, and not where the handlers run. Define it in -InitializationScript.";
        foreach (string name in _types.Except(_ownTypes, _ownTypes.Comparer).Where(name => !HasType(session, name)))
            yield return $"[{name}] exists only in this session, and not where the handlers run. Define it in -InitializationScript.";
        _variables.Clear();
        _functions.Clear();
        _types.Clear();
    }

    private static IEnumerable<string> VariablesOf(ScriptBlock script) => All<VariableExpressionAst>(script)
        .Except(All<UsingExpressionAst>(script).Select(UsingExpressionAst.ExtractUsingVariable))
        .Where(variable => variable.VariablePath.IsUnqualified)
        .Select(variable => variable.VariablePath.UserPath);

    private static bool IsFunction(string? name, SessionState session) =>
        name is not null && session.InvokeCommand.GetCommand(name, Defined) is { ModuleName: null or "" };

    private static IEnumerable<ITypeName> NamesOfTypes(ScriptBlock script) =>
        All<TypeExpressionAst>(script).Select(expression => expression.TypeName)
            .Concat(All<TypeConstraintAst>(script).Select(constraint => constraint.TypeName))
            .SelectMany(PartsOf);

    private static IEnumerable<ITypeName> PartsOf(ITypeName name) => name switch
    {
        ArrayTypeName array => PartsOf(array.ElementType),
        GenericTypeName generic => generic.GenericArguments.SelectMany(PartsOf),
        _ => [name],
    };

    private static bool HasType(SessionState session, string name) =>
        session.InvokeCommand.InvokeScript(session, ScriptBlock.Create("param($name) $name -as [type]"), name) is [not null];

    /// <summary>Whether a script reads another file, which may define anything.</summary>
    private static bool ReadsFile(ScriptBlock script) => All<CommandAst>(script)
        .Any(call => call is { InvocationOperator: TokenKind.Dot, CommandElements: [not ScriptBlockExpressionAst, ..] });

    private static IEnumerable<T> All<T>(ScriptBlock script)
        where T : Ast => script.Ast.FindAll(ast => ast is T, searchNestedScriptBlocks: true).Cast<T>();
}
