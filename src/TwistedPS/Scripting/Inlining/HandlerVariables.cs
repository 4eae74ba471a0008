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

    private readonly Dictionary<string, int> _locals = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _texts = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _parts = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _given;
    private HashSet<string> _assigned = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="handler">The handler.</param>
    /// <param name="ownerVariable">The name of the variable that holds the server or client.</param>
    public HandlerVariables(ScriptBlockAst handler, string ownerVariable)
    {
        _given = new(StringComparer.OrdinalIgnoreCase) { "_", "PSItem", "Connection", ownerVariable };
        foreach (Ast ast in handler.FindAll(_ => true, searchNestedScriptBlocks: true))
            CountAssignments(ast);
    }

    /// <summary>Whether <c>$_</c> is text; in a switch and in a catch it is something else.</summary>
    public bool CurrentIsText { get; set; }

    /// <summary>Whether each variable that the handler assigns anywhere was assigned on every way to here.</summary>
    public bool AllAreAssigned => _locals.Keys.All(_assigned.Contains);

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
        return path.IsUnqualified && !s_automatic.Contains(name) && (!_locals.ContainsKey(name) || _assigned.Contains(name));
    }

    /// <summary>Notes an assignment. False for a variable that means something to PowerShell or to the loop around the handler.</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="isText">Whether the value is text.</param>
    /// <param name="isParts">Whether the value is what text was split into.</param>
    /// <param name="hasType">Whether the variable gets a type, which later assignments would obey.</param>
    public bool TryAssign(VariableExpressionAst variable, bool isText = false, bool isParts = false, bool hasType = false)
    {
        VariablePath path = variable.VariablePath;
        string name = path.UserPath;
        if (variable.Splatted || (!path.IsUnqualified && !IsElsewhere(path)) || (hasType && _locals.GetValueOrDefault(name) > 1))
            return false;
        if (!path.IsUnqualified || name.Equals("null", StringComparison.OrdinalIgnoreCase))
            return true;
        if (IsSpecial(name))
            return false;
        _assigned.Add(name);
        if ((isText || isParts) && _locals[name] == 1)
            (isText ? _texts : _parts).Add(name);
        return true;
    }

    /// <summary>Takes a parameter of the handler, which is assigned for each call.</summary>
    public bool TryAddParameter(string name)
    {
        if (IsSpecial(name) && !name.Equals("Connection", StringComparison.OrdinalIgnoreCase))
            return false;
        _locals[name] = _locals.GetValueOrDefault(name) + 1;
        return _assigned.Add(name);
    }

    /// <summary>Notes that a regular expression has just matched.</summary>
    public void AssignMatches() => _assigned.Add(Matches);

    /// <summary>Whether a variable is sure to hold text.</summary>
    public bool IsText(VariableExpressionAst variable) => variable.VariablePath.UserPath.ToUpperInvariant() switch
    {
        "_" or "PSITEM" => CurrentIsText,
        var name => _texts.Contains(name),
    };

    /// <summary>Whether a variable is sure to hold what text was split into: several texts, or one.</summary>
    public bool IsParts(ExpressionAst expression) =>
        expression is VariableExpressionAst variable && _parts.Contains(variable.VariablePath.UserPath);

    /// <summary>Whether it is <c>$Connection</c> or the server or client.</summary>
    public bool IsOwn(ExpressionAst expression) =>
        expression is VariableExpressionAst { VariablePath: { IsUnqualified: true } path }
        && _given.Contains(path.UserPath)
        && path.UserPath is not "_"
        && !path.UserPath.Equals("PSItem", StringComparison.OrdinalIgnoreCase);

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
                Count(step.Child);
                break;
            case var match when MayMatch(match):
                _locals[Matches] = 1;
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
            _locals[path.UserPath] = _locals.GetValueOrDefault(path.UserPath) + 1;
        }
    }
}
