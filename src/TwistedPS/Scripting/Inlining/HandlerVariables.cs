using System.Management.Automation;
using System.Management.Automation.Language;

namespace TwistedPS.Scripting.Inlining;

/// <summary>What is known of a handler's variables at the place that is looked at.</summary>
internal sealed class HandlerVariables
{
    /// <summary>The variable that a match of a regular expression sets.</summary>
    public const string Matches = "Matches";

    /// <summary>PowerShell sets them for each call or each command, so they tell calls apart.</summary>
    private static readonly HashSet<string> s_automatic = new(StringComparer.OrdinalIgnoreCase)
    {
        "?", "^", "$", "args", "ExecutionContext", "foreach", "input", "MyInvocation", "PSBoundParameters", "PSCmdlet",
        "PSCommandPath", "PSDebugContext", "PSScriptRoot", "StackTrace", "switch", "this",
    };

    /// <summary>PowerShell itself reads them, unseen.</summary>
    private static readonly HashSet<string> s_settings = new(StringComparer.OrdinalIgnoreCase)
    {
        "false", "FormatEnumerationLimit", "OFS", "PSDefaultParameterValues", "PSNativeCommandArgumentPassing", "PSStyle", "true",
    };

    private static readonly HashSet<string> s_current = new(StringComparer.OrdinalIgnoreCase) { "_", "PSItem" };

    private readonly HashSet<string> _locals = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _assignments = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ValueKind> _kinds = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _given;
    private HashSet<string> _assigned = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="handler">The handler.</param>
    /// <param name="ownerVariable">The name of the variable that holds the server or client.</param>
    public HandlerVariables(ScriptBlockAst handler, string ownerVariable)
    {
        _given = new(s_current, StringComparer.OrdinalIgnoreCase) { "Connection", ownerVariable };
        foreach (Ast ast in handler.FindAll(_ => true, searchNestedScriptBlocks: true))
            CountAssignments(ast);
    }

    /// <summary>Whether <c>$_</c> is text; in a switch and in a catch it is something else.</summary>
    public bool CurrentIsText { get; set; }

    /// <summary>Whether each variable that the handler assigns anywhere was assigned on every way to here.</summary>
    public bool AllAreAssigned => _locals.IsSubsetOf(_assigned);

    /// <summary>Those that are assigned here. To be restored after a part that may not run.</summary>
    public HashSet<string> Assigned
    {
        get => new(_assigned, StringComparer.OrdinalIgnoreCase);
        set => _assigned = new(value, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether a variable has here the value that it would have in a scope of the call's own.</summary>
    public bool CanRead(VariableExpressionAst variable)
    {
        VariablePath path = variable.VariablePath;
        if (variable.Splatted)
            return false;
        if (IsElsewhere(path))
            return true;
        string name = path.UserPath;
        return path.IsUnqualified && !s_automatic.Contains(name) && (!_locals.Contains(name) || _assigned.Contains(name));
    }

    /// <summary>Notes an assignment. False for a variable that means something to PowerShell or to the loop around the handler.</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="kind">What is sure of the value.</param>
    /// <param name="hasType">Whether the variable gets a type, which later assignments would obey.</param>
    public bool TryAssign(VariableExpressionAst variable, ValueKind kind = ValueKind.Any, bool hasType = false)
    {
        VariablePath path = variable.VariablePath;
        string name = path.UserPath;
        if (variable.Splatted || (!path.IsUnqualified && !IsElsewhere(path)) || (hasType && IsAssignedAgain(name)))
            return false;
        if (!path.IsUnqualified || name.Equals("null", StringComparison.OrdinalIgnoreCase))
            return true;
        if (IsSpecial(name))
            return false;
        _assigned.Add(name);
        if (!IsAssignedAgain(name))
            _kinds[name] = kind;
        return true;
    }

    /// <summary>Takes a parameter of the handler, which is assigned for each call.</summary>
    public bool TryAddParameter(string name)
    {
        if (IsSpecial(name) && !name.Equals("Connection", StringComparison.OrdinalIgnoreCase))
            return false;
        CountAssignment(name);
        return _assigned.Add(name);
    }

    /// <summary>Notes that a regular expression has just matched.</summary>
    public void AssignMatches() => _assigned.Add(Matches);

    /// <summary>What is sure of a variable's value.</summary>
    public ValueKind KindOf(VariableExpressionAst variable) => s_current.Contains(variable.VariablePath.UserPath) && CurrentIsText
        ? ValueKind.Text
        : _kinds.GetValueOrDefault(variable.VariablePath.UserPath);

    /// <summary>Whether it is <c>$Connection</c> or the server or client.</summary>
    public bool IsOwn(ExpressionAst expression) =>
        expression is VariableExpressionAst { VariablePath: { IsUnqualified: true } path }
        && _given.Contains(path.UserPath)
        && !s_current.Contains(path.UserPath);

    /// <summary>Whether it is <c>$Matches</c>.</summary>
    public static bool IsMatches(ExpressionAst expression) => expression is VariableExpressionAst variable
        && variable.VariablePath.UserPath.Equals(Matches, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether something may set <c>$Matches</c>.</summary>
    public static bool MayMatch(Ast ast) =>
        ast is BinaryExpressionAst { Operator: TokenKind.Imatch or TokenKind.Cmatch or TokenKind.Inotmatch or TokenKind.Cnotmatch }
        || (ast is SwitchStatementAst choice && choice.Flags.HasFlag(SwitchFlags.Regex));

    private static bool IsElsewhere(VariablePath path) => path.IsScript || path.IsGlobal
        || (path.IsDriveQualified && path.DriveName.Equals("env", StringComparison.OrdinalIgnoreCase));

    private bool IsSpecial(string name) => _given.Contains(name) || s_automatic.Contains(name) || s_settings.Contains(name)
        || name.Equals(Matches, StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("Preference", StringComparison.OrdinalIgnoreCase);

    private void CountAssignments(Ast ast)
    {
        switch (ast)
        {
            case AssignmentStatementAst assignment:
                Count(assignment.Left);
                break;
            case ForEachStatementAst loop:
                Count(loop.Variable);
                break;
            case UnaryExpressionAst { TokenKind: TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus } step:
                // It counts as none: a number stays a number.
                if (step.Child is VariableExpressionAst { VariablePath: { IsUnqualified: true } stepped })
                    _locals.Add(stepped.UserPath);
                break;
            case var match when MayMatch(match):
                _locals.Add(Matches);
                break;
        }
    }

    private void Count(ExpressionAst target)
    {
        if (target is ArrayLiteralAst many)
        {
            foreach (ExpressionAst one in many.Elements)
                Count(one);
        }
        else if (target is AttributedExpressionAst typed)
        {
            Count(typed.Child);
        }
        else if (target is VariableExpressionAst { VariablePath: { IsUnqualified: true } path }
            && !path.UserPath.Equals("null", StringComparison.OrdinalIgnoreCase))
        {
            CountAssignment(path.UserPath);
        }
    }

    private void CountAssignment(string name)
    {
        _locals.Add(name);
        _assignments[name] = _assignments.GetValueOrDefault(name) + 1;
    }

    private bool IsAssignedAgain(string name) => _assignments.GetValueOrDefault(name) > 1;
}
