using System.Management.Automation.Language;
using System.Text;

namespace TwistedPS.Scripting;

/// <summary>The text of a script, in which every character is at its place in the file.</summary>
internal sealed class ScriptSource
{
    private const string Param = "param";

    private readonly IScriptExtent _place;
    private readonly char[] _text;
    private readonly int _start;
    private readonly SortedList<int, (int Length, string Text)> _replacements = [];

    /// <param name="script">A scriptblock or a function.</param>
    public ScriptSource(Ast script)
    {
        Ast = script;
        Body = script is FunctionDefinitionAst function ? function.Body : (ScriptBlockAst)script;
        IsFilter = script is FunctionDefinitionAst { IsFilter: true };
        Ast? parameter = script.Find(ast => ast is ParameterAst && ast.Parent == script, searchNestedScriptBlocks: true);
        _place = parameter is null ? Body.Extent : script.Extent;
        _text = _place.Text.ToCharArray();
        _start = _place.StartOffset;
        if (parameter is not null)
            MoveParameters(parameter);
        if (Body.Parent is not null)
            RemoveBraces();
    }

    /// <summary>The scriptblock or the function.</summary>
    public Ast Ast { get; }

    /// <summary>What it runs.</summary>
    public ScriptBlockAst Body { get; }

    /// <summary>Whether it is a filter, which runs for each object.</summary>
    public bool IsFilter { get; }

    /// <summary>Puts another text in a place, with as many lines and a last line as long.</summary>
    public void Replace(IScriptExtent place, string text) =>
        _replacements.Add(place.StartOffset - _start, (place.EndOffset - place.StartOffset, text));

    /// <summary>Returns the text; what stands before it in its file is blank.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(new string(_text));
        foreach ((int start, (int length, string other)) in _replacements.Reverse())
            text.Remove(start, length).Insert(start, other);
        return text.Insert(0, Margin()).ToString();
    }

    /// <summary>The namespaces that the file of a script uses.</summary>
    public IEnumerable<UsingStatementAst> Namespaces()
    {
        Ast root = Ast;
        while (root.Parent is not null)
            root = root.Parent;
        return root is ScriptBlockAst file
            ? file.UsingStatements.Where(used => used.UsingStatementKind == UsingStatementKind.Namespace)
            : [];
    }

    /// <summary>
    /// Returns the padding that keeps the text at its line and column: blanks and the namespaces that the file uses. These
    /// were above the text or to the left of it, so there is room for them.
    /// </summary>
    private string Margin()
    {
        string usings = Ast.Parent is null ? "" : string.Concat(Namespaces().Select(used => $"using namespace {used.Name};"));
        int column = _place.StartColumnNumber - 1;
        return _place.StartLineNumber == 1
            ? usings.PadRight(column)
            : usings + new string('\n', _place.StartLineNumber - 1) + new string(' ', column);
    }

    /// <summary>Turns <c>function F($a) { }</c> into <c>param($a) { }</c>; the word is shorter than what is before the bracket.</summary>
    private void MoveParameters(Ast first)
    {
        int open = Array.IndexOf(_text, '(', 0, first.Extent.StartOffset - _start);
        Blank(0, open);
        Param.CopyTo(0, _text, open - Param.Length, Param.Length);
    }

    private void RemoveBraces()
    {
        Blank(Body.Extent.StartOffset - _start, 1);
        Blank(Body.Extent.EndOffset - _start - 1, 1);
    }

    private void Blank(int start, int count)
    {
        for (int i = start; i < start + count; i++)
            _text[i] = _text[i] is '\r' or '\n' ? _text[i] : ' ';
    }
}
