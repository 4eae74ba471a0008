using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
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
    private static readonly ConditionalWeakTable<Ast, ScriptText> s_plain = [];

    private readonly ScriptSource _source;
    private readonly string? _file;
    private readonly List<string> _used = [];
    private readonly Dictionary<string, object?> _variables = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether its text is the same whoever captures it, and its variables are the <c>$using:</c> ones in it.</summary>
    private bool _isPlain = true;

    private ScriptText(ScriptSource source, string? file) => (_source, _file) = (source, file);

    /// <param name="script">A scriptblock of the calling session.</param>
    /// <param name="session">The session state in which to look up <c>$using:</c> variables.</param>
    /// <param name="values">The way of values into the script.</param>
    /// <exception cref="UsingVariableNotFoundException">A <c>$using:</c> variable does not exist.</exception>
    public static ScriptText Capture(ScriptBlock script, SessionState session, ScriptValues values)
    {
        (string Name, object? Value)[] closed = values.LeaveSession ? [.. Closure.VariablesOf(script)] : [];
        if (closed.Length == 0 && s_plain.TryGetValue(script.Ast, out ScriptText? known))
            return known.Again(session, values);
        var text = new ScriptText(new ScriptSource(script.Ast), script.File) { _isPlain = closed.Length == 0 };
        foreach ((string name, object? value) in closed)
            text._variables[name] = values.Carry(value, session, name);
        text.CaptureUsing([.. UsingVariables.Of(script.Ast, session)], session, values);
        if (text._isPlain && !script.Ast.FindAll(ast => ast is UsingExpressionAst, searchNestedScriptBlocks: true).Any(text.IsNested))
            s_plain.AddOrUpdate(script.Ast, text.WithoutValues());
        return text;
    }

    /// <summary>
    /// Returns the script for a worker. The values of plain variables reach it as global variables of the worker's runspace, so that
    /// the script is the same for all calls, and compiled once.
    /// </summary>
    /// <param name="runspace">The runspace, which is reset after the work.</param>
    public ScriptBlock Rebuild(Runspace runspace)
    {
        if (!_isPlain || _source.IsFilter || HasTypes())
            return Rebuild(built => built);
        foreach ((string name, object? value) in _variables)
            runspace.SessionStateProxy.SetVariable(name, value);
        return s_built.GetValue(_source.Ast, _ => Build(name => SyntaxTree.Variable(_source.Ast.Extent, $"global:{name}")));
    }

    /// <summary>Parses the text; the script begins with giving its variables their values.</summary>
    /// <param name="bind">Moves the script, and each that is within it, to the session state in which it is to run.</param>
    public ScriptBlock Rebuild(Func<ScriptBlock, ScriptBlock> bind) => bind(Build(name =>
        new ConstantExpressionAst(_source.Ast.Extent, _variables[name] is ScriptText inner ? inner.Rebuild(bind) : _variables[name])));

    private ScriptBlock Build(Func<string, ExpressionAst> valueOf)
    {
        ScriptBlockAst script = Parser.ParseInput(_source.ToString(), _file, out _, out _);
        return (_variables.Count > 0 || _source.IsFilter
            ? VariableSetter.Build(script, _variables.Keys, valueOf, _source.IsFilter)
            : script).GetScriptBlock();
    }

    /// <summary>Whether each call makes types anew.</summary>
    private bool HasTypes() => _source.Ast.Find(ast => ast is TypeDefinitionAst, searchNestedScriptBlocks: true) is not null;

    private ScriptText WithoutValues()
    {
        var plain = new ScriptText(_source, _file);
        plain._used.AddRange(_used);
        return plain;
    }

    /// <summary>Returns the same with the values that its variables have now.</summary>
    private ScriptText Again(SessionState session, ScriptValues values)
    {
        ScriptText again = WithoutValues();
        foreach (string path in _used)
            again.CaptureVariable(path, session, values);
        return again;
    }

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
        _isPlain = false;
        var inner = new ScriptText(new ScriptSource(nested.ScriptBlock), _file);
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
            if (!_used.Contains(path, StringComparer.OrdinalIgnoreCase))
            {
                _used.Add(path);
                CaptureVariable(path, session, values);
            }

            _source.Replace(variable.Extent, variable.Extent.Text.Replace(':', Colon));
        }
    }

    private void CaptureVariable(string path, SessionState session, ScriptValues values) =>
        _variables[Prefix + path.Replace(':', Colon)] = values.Carry(UsingVariables.LookUp(path, session), session, path);

    private bool IsNested(Ast used) => OuterScript(used) is not null;

    /// <summary>Returns the outermost scriptblock within the script that an expression is in, unless that is run where it stands.</summary>
    private ScriptBlockExpressionAst? OuterScript(Ast ast)
    {
        ScriptBlockExpressionAst? outer = null;
        for (Ast inner = ast; inner != _source.Ast; inner = inner.Parent)
            outer = inner is ScriptBlockExpressionAst nested && !UsingVariables.RunsWhereItStands(nested) ? nested : outer;
        return outer;
    }
}
