using System.Management.Automation;
using System.Management.Automation.Language;
using System.Runtime.CompilerServices;

namespace TwistedPS.Scripting;

/// <summary>
/// A scriptblock in a form that can move to another runspace: its text at its original place in its file, so that errors
/// name the right line, and the values of its variables of the session that it comes from.
/// </summary>
internal sealed class ScriptText
{
    // A letter to PowerShell, so that the name is a plain one, and looks like what was written.
    private const char Colon = 'ː';
    private const string Prefix = "usingː";

    private static readonly ConditionalWeakTable<Ast, ScriptBlock> s_built = [];

    private readonly ScriptSource _source;
    private readonly string? _file;
    private readonly Dictionary<string, object?> _variables = new(StringComparer.OrdinalIgnoreCase);

    private ScriptText(Ast script, string? file) => (_source, _file) = (new ScriptSource(script), file);

    /// <param name="script">A scriptblock of the calling session.</param>
    /// <param name="session">The session state in which to look up <c>$using:</c> variables.</param>
    /// <param name="values">The way of values into the script.</param>
    /// <exception cref="UsingVariableNotFoundException">A <c>$using:</c> variable does not exist.</exception>
    public static ScriptText Capture(ScriptBlock script, SessionState session, ScriptValues values)
    {
        var text = new ScriptText(script.Ast, script.File);
        if (values.LeaveSession)
        {
            foreach ((string name, object? value) in Closure.VariablesOf(script))
                text._variables[name] = values.Carry(value, session, name);
        }

        text.CaptureUsing([.. UsingVariables.Of(script.Ast, session)], session, values);
        return text;
    }

    /// <summary>Returns the script for the session state of whoever calls it; compiled once, where it has nothing of a call in it.</summary>
    public ScriptBlock Rebuild() => _variables.Count > 0 || _source.IsFilter || HasTypes()
        ? Rebuild(built => built)
        : s_built.GetValue(_source.Ast, _ => Rebuild(built => built));

    /// <summary>Parses the text; the script begins with giving its variables their values.</summary>
    /// <param name="bind">Moves the script, and each that is within it, to the session state in which it is to run.</param>
    public ScriptBlock Rebuild(Func<ScriptBlock, ScriptBlock> bind)
    {
        ScriptBlockAst script = Parser.ParseInput(_source.ToString(), _file, out _, out _);
        if (_variables.Count > 0 || _source.IsFilter)
        {
            Dictionary<string, object?> values = _variables.ToDictionary(
                it => it.Key, it => it.Value is ScriptText inner ? inner.Rebuild(bind) : it.Value, StringComparer.OrdinalIgnoreCase);
            script = VariableSetter.Build(script, values, _source.IsFilter);
        }

        return bind(script.GetScriptBlock());
    }

    /// <summary>Whether each call makes types anew.</summary>
    private bool HasTypes() => _source.Ast.Find(ast => ast is TypeDefinitionAst, searchNestedScriptBlocks: true) is not null;

    private void CaptureUsing(List<UsingExpressionAst> ours, SessionState session, ScriptValues values)
    {
        foreach (IGrouping<ScriptBlockExpressionAst?, UsingExpressionAst> group in ours.GroupBy(OuterScript))
        {
            if (group.Key is { } nested)
                CaptureNested(nested, [.. group], session, values);
            else
                CaptureVariables(group, session, values);
        }
    }

    /// <summary>
    /// Turns a scriptblock within the script into a variable that holds one: it has its values wherever it is called from.
    /// </summary>
    private void CaptureNested(ScriptBlockExpressionAst nested, List<UsingExpressionAst> ours, SessionState session, ScriptValues values)
    {
        var inner = new ScriptText(nested.ScriptBlock, _file);
        inner.CaptureUsing(ours, session, values);
        string name = NameFor(nested.Extent);
        _variables[name] = inner;
        _source.Replace(nested.Extent, $" ${{{name}}}");
    }

    /// <summary>Returns a name that has, in braces, as many lines as a place, and a last line as long.</summary>
    private string NameFor(IScriptExtent place)
    {
        int lines = place.EndLineNumber - place.StartLineNumber;
        return lines == 0
            ? $"{_variables.Count}".PadRight(place.Text.Length - " ${}".Length, Colon)
            : $"{_variables.Count}{new string('\n', lines)}{new string(Colon, place.EndColumnNumber - "}".Length - 1)}";
    }

    private void CaptureVariables(IEnumerable<UsingExpressionAst> ours, SessionState session, ScriptValues values)
    {
        foreach (VariableExpressionAst variable in ours.Select(UsingExpressionAst.ExtractUsingVariable))
        {
            string path = variable.VariablePath.UserPath;
            _variables[Prefix + path.Replace(':', Colon)] = values.Carry(UsingVariables.LookUp(path, session), session, path);
            _source.Replace(variable.Extent, variable.Extent.Text.Replace(':', Colon));
        }
    }

    /// <summary>Returns the outermost scriptblock within the script that an expression is in, unless that is run where it stands.</summary>
    private ScriptBlockExpressionAst? OuterScript(Ast ast)
    {
        ScriptBlockExpressionAst? outer = null;
        for (Ast inner = ast; inner != _source.Ast; inner = inner.Parent)
            outer = inner is ScriptBlockExpressionAst nested && !UsingVariables.RunsWhereItStands(nested) ? nested : outer;
        return outer;
    }
}
