using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace TwistedPS.Scripting.Inlining;

/// <summary>
/// The classes and enumerations that a handler defines. PowerShell makes them before the first call of the handler, and adds them to
/// the scope of each. The loop has the same ones, so that an object that outlives its call is still of the handler's class. Where a
/// version of PowerShell keeps them elsewhere, they are never there. On the reactor's thread only.
/// </summary>
internal sealed class OwnTypes
{
    private const BindingFlags Inner = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic;

    private static readonly PropertyInfo? s_type = typeof(TypeDefinitionAst).GetProperty("Type", Inner);
    private static readonly PropertyInfo? s_context = typeof(Runspace).GetProperty("ExecutionContext", Inner);
    private static readonly MethodInfo? s_add = typeof(PSObject).Assembly.GetType("System.Management.Automation.TypeOps")
        ?.GetMethod("AddPowerShellTypesToTheScope", Inner);

    private readonly Dictionary<string, TypeDefinitionAst> _definitions;
    private bool _exist;

    /// <param name="handler">The handler, of which a call has them in its scope.</param>
    public OwnTypes(ScriptBlockAst handler)
    {
        _definitions = handler.EndBlock.Statements.OfType<TypeDefinitionAst>().ToDictionary(definition => definition.Name);
        _exist = _definitions.Count == 0;
    }

    /// <summary>Whether PowerShell has made them.</summary>
    public bool Exist => _exist = _exist
        || (s_type is not null && s_context is not null && s_add is not null && _definitions.Values.All(definition => s_type.GetValue(definition) is not null));

    /// <summary>Adds them to the current scope.</summary>
    public void AddToScope()
    {
        if (_definitions.Count > 0)
            s_add!.Invoke(null, [_definitions, s_context!.GetValue(Runspace.DefaultRunspace)]);
    }
}
