using System.Management.Automation;
using System.Management.Automation.Language;

namespace TwistedPS.Scripting;

/// <summary>
/// A scriptblock in a form that can move to another runspace: its text at its original place in its file, so that errors
/// name the right line, and the values of its <c>$using:</c> variables.
/// </summary>
internal sealed class ScriptText
{
    private readonly string _text;
    private readonly string? _file;

    private ScriptText(string text, string? file, Dictionary<string, object?> variables) =>
        (_text, _file, Variables) = (text, file, variables);

    /// <summary>The values of the <c>$using:</c> variables, by their names in the rebuilt text.</summary>
    public Dictionary<string, object?> Variables { get; }

    /// <param name="script">A scriptblock of the calling session.</param>
    /// <param name="session">The session state in which to look up <c>$using:</c> variables.</param>
    /// <exception cref="UsingVariableNotFoundException">A <c>$using:</c> variable does not exist.</exception>
    public static ScriptText Capture(ScriptBlock script, SessionState session)
    {
        string source = script.ToString();
        IScriptExtent extent = script.Ast.Extent;
        int start = extent.StartOffset + (extent.Text.StartsWith('{') ? 1 : 0);
        var variables = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        char[] text = source.ToCharArray();
        foreach (VariableExpressionAst variable in FindUsingVariables(script.Ast, session))
        {
            string name = variable.VariablePath.UserPath;
            variables[RenamedTo(name)] = LookUp(name, session);

            // $using:name becomes $using_name: a plain variable, and every column stays the same.
            int colon = source.IndexOf(':', variable.Extent.StartOffset - start);
            text[colon] = '_';
        }

        return new ScriptText(Margin(script.Ast) + new string(text), script.File, variables);
    }

    /// <summary>Parses the text in the calling thread's runspace.</summary>
    public ScriptBlock Rebuild() =>
        Parser.ParseInput(_text, _file, out _, out _).GetScriptBlock();

    /// <summary>
    /// Returns the padding that keeps the text at its line and column: blanks and the namespaces that the file uses. These
    /// were above the text or to the left of it, so there is room for them.
    /// </summary>
    private static string Margin(Ast script)
    {
        Ast root = script;
        while (root.Parent is not null)
            root = root.Parent;
        IEnumerable<UsingStatementAst> namespaces = root is ScriptBlockAst file
            ? file.UsingStatements.Where(used => used.UsingStatementKind == UsingStatementKind.Namespace)
            : [];
        string usings = string.Concat(namespaces.Select(used => $"using namespace {used.Name};"));
        IScriptExtent extent = script.Extent;
        int column = Math.Max(0, extent.StartColumnNumber - 1);
        return extent.StartLineNumber == 1
            ? usings.PadRight(column)
            : usings + new string('\n', extent.StartLineNumber - 1) + new string(' ', column);
    }

    private static string RenamedTo(string name) => $"using_{name}";

    private static object? LookUp(string name, SessionState session)
    {
        PSVariable variable = session.PSVariable.Get(name)
            ?? throw new UsingVariableNotFoundException(name);
        return variable.Value is ScriptBlock script ? Capture(script, session) : variable.Value;
    }

    private static IEnumerable<VariableExpressionAst> FindUsingVariables(Ast script, SessionState session) => script
        .FindAll(ast => ast is UsingExpressionAst, searchNestedScriptBlocks: true)
        .Where(ast => !BelongsToAnotherCommand(ast, script, session))
        .Select(ast => UsingExpressionAst.ExtractUsingVariable((UsingExpressionAst)ast));

    /// <summary>
    /// Returns whether an expression is in a scriptblock that the handler passes to Start-Job or the like, where
    /// <c>$using:</c> means a variable of the handler.
    /// </summary>
    private static bool BelongsToAnotherCommand(Ast ast, Ast script, SessionState session)
    {
        for (Ast inner = ast; inner != script; inner = inner.Parent)
        {
            if (inner is ScriptBlockExpressionAst nested && new NestedScript(nested, session).BelongsToCommand())
                return true;
        }

        return false;
    }
}
