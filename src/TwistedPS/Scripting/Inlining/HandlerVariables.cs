using System.Management.Automation;
using System.Management.Automation.Language;

namespace TwistedPS.Scripting.Inlining;

/// <summary>The knowledge of a handler's variables at the current place of the analysis.</summary>
internal sealed class HandlerVariables
{
    /// <summary>The variable that a match of a regular expression sets.</summary>
    public const string Matches = "Matches";

    /// <summary>The variable that holds the message.</summary>
    public const string Current = "_";

    /// <summary>The variable that holds the arguments without a parameter.</summary>
    public const string Arguments = "args";

    /// <summary>PowerShell sets them for each call or each command, so they tell calls apart.</summary>
    private static readonly HashSet<string> s_automatic = new(StringComparer.OrdinalIgnoreCase)
    {
        "?", "^", "$", Arguments, "ExecutionContext", "foreach", "input", "MyInvocation", "PSBoundParameters", "PSCmdlet",
        "PSCommandPath", "PSDebugContext", "PSScriptRoot", "StackTrace", "switch", "this",
    };

    /// <summary>PowerShell itself reads them, unseen.</summary>
    private static readonly HashSet<string> s_settings = new(StringComparer.OrdinalIgnoreCase)
    {
        "false", "FormatEnumerationLimit", "OFS", "PSDefaultParameterValues", "PSNativeCommandArgumentPassing", "PSStyle", "true",
    };

    private static readonly HashSet<string> s_constants = new(StringComparer.OrdinalIgnoreCase) { "null", "true", "false" };

    private static readonly HashSet<string> s_current = new(StringComparer.OrdinalIgnoreCase) { Current, "PSItem" };

    private readonly HashSet<string> _locals = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _assignments = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ValueKind> _kinds = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Type> _own;
    private readonly string _sourceVariable;
    private HashSet<string> _assigned = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="handler">The handler.</param>
    /// <param name="input">What it is given.</param>
    /// <param name="beside">Another handler whose calls share the scope; null for none.</param>
    public HandlerVariables(ScriptBlockAst handler, HandlerInput input, ScriptBlockAst? beside)
    {
        CurrentKind = input.IsText ? ValueKind.Text : ValueKind.Any;
        _own = new(StringComparer.OrdinalIgnoreCase) { [input.SourceVariable] = input.Source, [input.OwnerVariable] = input.Owner };
        _sourceVariable = input.SourceVariable;
        foreach (Ast ast in handler.FindAll(_ => true, searchNestedScriptBlocks: true))
            CountAssignments(ast);
        foreach (Ast ast in beside?.FindAll(_ => true, searchNestedScriptBlocks: true) ?? [])
            CountAssignments(ast);
        foreach (ParameterAst parameter in beside?.ParamBlock?.Parameters ?? Enumerable.Empty<ParameterAst>())
            CountAssignment(parameter.Name.VariablePath.UserPath);
    }

    /// <summary>The kind of <c>$_</c>, which differs within a switch and a catch.</summary>
    public ValueKind CurrentKind { get; set; }

    /// <summary>Those that are assigned here. To be restored after a part that may not run.</summary>
    public HashSet<string> Assigned
    {
        get => new(_assigned, StringComparer.OrdinalIgnoreCase);
        set => _assigned = new(value, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Looks at a part that may not run, or not to its end: nothing that it assigns is sure to be there afterwards.</summary>
    public Refusal? MayRun(Func<Refusal?> part)
    {
        HashSet<string> before = Assigned;
        Refusal? refusal = part();
        Assigned = before;
        return refusal;
    }

    /// <summary>Returns the reason that a variable may not have the value here that it would have in a scope of the call's own.</summary>
    public Refusal? Read(VariableExpressionAst variable)
    {
        VariablePath path = variable.VariablePath;
        string name = path.UserPath;
        if (variable.Splatted || (!path.IsUnqualified && !IsElsewhere(path)))
            return ScopeNamed(variable);
        if (!path.IsUnqualified)
            return null;
        return Refusal.Unless(!s_automatic.Contains(name), variable, $"PowerShell sets ${name} for each call")
            ?? Refusal.Unless(!_locals.Contains(name) || _assigned.Contains(name), variable, $"${name} may be left from an earlier call");
    }

    /// <summary>Returns the reason that a script which sees all variables may not run here.</summary>
    public Refusal? ShowAll(Ast place) => _locals.FirstOrDefault(name => !_assigned.Contains(name)) is { } name
        ? new Refusal($"{Refusal.Quote(place)} may run a script, which would see ${name} left from an earlier call", place.Extent)
        : null;

    /// <summary>Notes an assignment, unless the variable means something to PowerShell or to the loop around the handler.</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="kind">What is sure of the value; null if no less than before.</param>
    /// <param name="hasType">Whether the variable gets a type, which later assignments would obey.</param>
    public Refusal? Assign(VariableExpressionAst variable, ValueKind? kind, bool hasType = false)
    {
        VariablePath path = variable.VariablePath;
        string name = path.UserPath;
        if (variable.Splatted || (!path.IsUnqualified && !IsElsewhere(path)))
            return ScopeNamed(variable);
        if (hasType && IsAssignedAgain(name))
            return new Refusal($"${name} has a type, which an earlier call would leave it", variable.Extent);
        if (!path.IsUnqualified || name.Equals("null", StringComparison.OrdinalIgnoreCase))
            return null;
        if (IsSpecial(name))
            return new Refusal($"it sets ${name}, which is not its own", variable.Extent);
        _assigned.Add(name);
        if (kind is { } sure && !IsAssignedAgain(name))
            _kinds[name] = sure;
        return null;
    }

    /// <summary>Notes a parameter of the handler, which is assigned for each call.</summary>
    public Refusal? AddParameter(VariableExpressionAst parameter, bool isFirst)
    {
        string name = parameter.VariablePath.UserPath;
        if (IsSpecial(name) && !(isFirst && name.Equals(_sourceVariable, StringComparison.OrdinalIgnoreCase)))
            return new Refusal($"its parameter ${name} means something else", parameter.Extent);
        CountAssignment(name);
        _assigned.Add(name);
        return null;
    }

    /// <summary>Notes that a regular expression has just matched.</summary>
    public void AssignMatches() => _assigned.Add(Matches);

    /// <summary>Returns the kind of a variable's value.</summary>
    public ValueKind KindOf(VariableExpressionAst variable) => variable.VariablePath.UserPath switch
    {
        var name when s_current.Contains(name) => CurrentKind,
        var name when s_constants.Contains(name) => ValueKind.Plain,
        var name => _kinds.GetValueOrDefault(name),
    };

    /// <summary>The type of <c>$Connection</c> or <c>$Peer</c>, and of the server or client; null for anything else.</summary>
    public Type? OwnType(ExpressionAst expression) => expression is VariableExpressionAst { VariablePath: { IsUnqualified: true } path }
        ? _own.GetValueOrDefault(path.UserPath)
        : null;

    /// <summary>Whether PowerShell sets a variable of a name for each call or each command.</summary>
    public static bool IsAutomatic(string name) => s_automatic.Contains(name) || s_current.Contains(name);

    /// <summary>Whether it is <c>$Matches</c>.</summary>
    public static bool IsMatches(ExpressionAst expression) => expression is VariableExpressionAst variable
        && variable.VariablePath.UserPath.Equals(Matches, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether something may set <c>$Matches</c>.</summary>
    public static bool MayMatch(Ast ast) =>
        ast is BinaryExpressionAst { Operator: TokenKind.Imatch or TokenKind.Cmatch or TokenKind.Inotmatch or TokenKind.Cnotmatch }
        || (ast is SwitchStatementAst choice && choice.Flags.HasFlag(SwitchFlags.Regex));

    private static bool IsElsewhere(VariablePath path) => path.IsScript || path.IsGlobal
        || (path.IsDriveQualified && path.DriveName.Equals("env", StringComparison.OrdinalIgnoreCase));

    private static Refusal ScopeNamed(VariableExpressionAst variable) =>
        new($"{variable.Extent.Text} is not a plain variable", variable.Extent);

    private bool IsSpecial(string name) => s_current.Contains(name) || _own.ContainsKey(name) || s_automatic.Contains(name) || s_settings.Contains(name)
        || name.Equals(Matches, StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("Preference", StringComparison.OrdinalIgnoreCase);

    private void CountAssignments(Ast ast)
    {
        switch (ast)
        {
            // A number stays a number, and text stays text, so these count as no assignments.
            case UnaryExpressionAst { TokenKind: TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus } step:
                AddLocal(step.Child);
                break;
            case AssignmentStatementAst { Operator: TokenKind.PlusEquals } step when ValueKinds.ValueOf(step.Right) is ConstantExpressionAst:
                AddLocal(step.Left);
                break;
            case AssignmentStatementAst assignment:
                Count(assignment.Left);
                break;
            case ForEachStatementAst loop:
                Count(loop.Variable);
                break;
            case var match when MayMatch(match):
                _locals.Add(Matches);
                break;
        }
    }

    private void AddLocal(ExpressionAst target)
    {
        if (target is VariableExpressionAst { VariablePath: { IsUnqualified: true } path })
            _locals.Add(path.UserPath);
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
