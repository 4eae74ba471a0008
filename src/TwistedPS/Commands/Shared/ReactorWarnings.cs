using System.Management.Automation;
using System.Management.Automation.Language;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>The warnings about handlers that run on several reactors.</summary>
internal static class ReactorWarnings
{
    private const string Initialization = "InitializationScript";

    /// <summary>Warns of the variables that the handlers given to a cmdlet set, and that each reactor has for itself.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="reactors">The number of reactors.</param>
    public static void WarnOfScopedVariables(this TwistedCommand cmdlet, int reactors)
    {
        if (reactors == 1)
            return;
        foreach ((string handler, object? given) in cmdlet.MyInvocation.BoundParameters)
        {
            foreach (string variable in given is ScriptBlock script ? WrittenBy(handler, script.Ast) : [])
            {
                cmdlet.WriteWarning(
                    $"{handler} sets {variable}, which each of the {reactors} reactors has for itself. $Server.State is one table for all of them.");
            }
        }
    }

    // What each scope begins with is meant to be there for each; what its functions set is set by the handlers that call them.
    private static IEnumerable<string> WrittenBy(string handler, Ast script) => handler != Initialization
        ? HandlerNames.ScopedIn(script)
        : script.FindAll(ast => ast is FunctionDefinitionAst, searchNestedScriptBlocks: true).SelectMany(HandlerNames.ScopedIn).Distinct();
}
