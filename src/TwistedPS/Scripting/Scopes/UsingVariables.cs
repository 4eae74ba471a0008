using System.Management.Automation;
using System.Management.Automation.Language;

namespace TwistedPS.Scripting;

/// <summary>
/// The <c>$using:</c> variables of a script that mean variables of the session in which it is registered, rather than those of
/// the script for something that it runs elsewhere.
/// </summary>
internal static class UsingVariables
{
    public static IEnumerable<UsingExpressionAst> Of(Ast script, SessionState session) => script
        .FindAll(ast => ast is UsingExpressionAst, searchNestedScriptBlocks: true)
        .Cast<UsingExpressionAst>()
        .Where(used => !BelongsToAnother(used, script, session));

    /// <summary>Whether a script has any <c>$using:</c>.</summary>
    public static bool AreIn(Ast script) => script.Find(ast => ast is UsingExpressionAst, searchNestedScriptBlocks: true) is not null;

    /// <summary>Returns the value that a variable has now.</summary>
    /// <param name="path">Its name, perhaps with a scope or a drive.</param>
    /// <param name="session">Where it is looked up.</param>
    /// <exception cref="UsingVariableNotFoundException">It does not exist.</exception>
    public static object? LookUp(string path, SessionState session) => session.PSVariable.Get(path) is { } variable
        ? variable.Value
        : session.PSVariable.GetValue(path)
            ?? (new VariablePath(path).IsDriveQualified ? null : throw new UsingVariableNotFoundException(path));

    /// <summary>
    /// Whether a scriptblock is called at once by the statement that it is in: <c>&amp; { }</c>, <c>.Where{ }</c>, or a condition of a
    /// switch.
    /// </summary>
    public static bool RunsWhereItStands(ScriptBlockExpressionAst script) => script.Parent switch
    {
        SwitchStatementAst or AttributeAst => true,
        CommandAst call => call.InvocationOperator != TokenKind.Unknown && call.CommandElements[0] == script,
        InvokeMemberExpressionAst call => call.Extent.EndOffset == script.Extent.EndOffset,
        _ => false,
    };

    private static bool BelongsToAnother(UsingExpressionAst used, Ast script, SessionState session)
    {
        string path = UsingExpressionAst.ExtractUsingVariable(used).VariablePath.UserPath;
        for (Ast inner = used; inner != script; inner = inner.Parent)
        {
            if (inner is ScriptBlockExpressionAst nested && !RunsWhereItStands(nested) && BelongsToAnother(path, nested, script, session))
                return true;
        }

        return false;
    }

    /// <summary>Where nobody knows what becomes of a scriptblock, the variables that the script itself has are its own.</summary>
    private static bool BelongsToAnother(string path, ScriptBlockExpressionAst nested, Ast script, SessionState session) =>
        new NestedScript(nested, session).RunsElsewhere()
            ?? (HandlerNames.IsGiven(path)
                || HandlerNames.AssignedIn(script, nested).Contains(path, StringComparer.OrdinalIgnoreCase)
                || session.PSVariable.Get(path) is null);
}
