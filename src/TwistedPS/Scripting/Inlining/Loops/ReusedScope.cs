using System.Collections;
using System.Linq.Expressions;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace TwistedPS.Scripting.Inlining;

/// <summary>
/// A scope that several calls have one after the other, each as good as new: what a call has assigned to variables of its own is
/// taken away. What it has left besides, such as an alias, is noticed. Where a version of PowerShell has other scopes, none
/// can be used again. On the reactor's thread only.
/// </summary>
internal sealed class ReusedScope
{
    private const BindingFlags Inner = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    // With more variables PowerShell has several tables of which are set.
    private const int MostVariables = 100;

    private static readonly string[] s_tableNames = ["AliasTable", "CmdletTable"];
    private static readonly string[] s_driveTables = ["GetDrives", "GetAutomountedDrives"];
    private static readonly Func<Runspace, object>? s_current;
    private static readonly Func<object, IDictionary<string, PSVariable>>? s_variables;
    private static readonly Func<object, IDictionary>? s_functions;
    private static readonly Func<object, ICollection[]>? s_tables;
    private static readonly Func<object, BitArray?>? s_assigned;
    private static readonly Func<object, Version?>? s_strictness;

    private readonly object _scope;
    private readonly Dictionary<string, PSVariable> _variables;
    private readonly List<string> _left = [];
    private readonly PSVariable[] _variablesAtFirst;
    private readonly IDictionary _functions;
    private readonly ICollection[] _tables;
    private readonly int[] _counts;
    private readonly Version? _strictness;
    private readonly BitArray _assigned;
    private readonly BitArray _assignedAtFirst;

    static ReusedScope()
    {
        try
        {
            ParameterExpression runspace = Expression.Parameter(typeof(Runspace));
            Expression current = Member(Member(Member(runspace, "ExecutionContext"), "EngineSessionState"), "CurrentScope");
            s_current = Expression.Lambda<Func<Runspace, object>>(current, runspace).Compile();
            s_variables = Of<IDictionary<string, PSVariable>>(current.Type, scope => Member(scope, "Variables"));
            s_functions = Of<IDictionary>(current.Type, scope => Expression.Convert(Member(scope, "FunctionTable"), typeof(IDictionary)));
            s_tables = Of<ICollection[]>(current.Type, scope => Expression.NewArrayInit(typeof(ICollection), Tables(scope)));
            s_assigned = Of<BitArray?>(current.Type, scope => Member(Member(scope, "LocalsTuple"), "_valuesSet"));
            s_strictness = Of<Version?>(current.Type, scope => Member(scope, "StrictModeVersion"));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // Another version, with other members.
            s_strictness = null;
        }
    }

    private ReusedScope(object scope, Dictionary<string, PSVariable> variables, BitArray assigned)
    {
        _scope = scope;
        _variables = variables;
        _variablesAtFirst = [.. variables.Values];
        _functions = s_functions!(scope);
        _tables = s_tables!(scope);
        _counts = Array.ConvertAll(_tables, table => table.Count);
        _strictness = s_strictness!(scope);
        (_assigned, _assignedAtFirst) = (assigned, new BitArray(assigned));
    }

    /// <summary>Whether scopes can be used again.</summary>
    public static bool IsPossible => s_strictness is not null;

    /// <summary>Returns the current scope, which is new; null if it can't be used again.</summary>
    public static ReusedScope? Current()
    {
        object scope = s_current!(Runspace.DefaultRunspace);
        return s_variables!(scope) is Dictionary<string, PSVariable> inOrder && s_assigned!(scope) is { Length: <= MostVariables } assigned
            ? new ReusedScope(scope, inOrder, assigned)
            : null;
    }

    /// <summary>Makes it as good as new.</summary>
    /// <returns>False if a call has left something that can't be taken away.</returns>
    public bool TryRenew()
    {
        for (int i = 0; i < _tables.Length; i++)
        {
            if (_tables[i].Count != _counts[i])
                return false;
        }

        if (s_strictness!(_scope) != _strictness || !TryRenewVariables())
            return false;
        if (_functions.Count > 0)
            _functions.Clear();
        _assigned.And(_assignedAtFirst);
        return true;
    }

    /// <summary>Takes away those that were set by name, with a reference to them or by a script with a trap.</summary>
    private bool TryRenewVariables()
    {
        // The first ones stay in their order, which takes a fraction of the time of finding each by its name.
        int kept = 0;
        foreach ((string name, PSVariable variable) in _variables)
        {
            if (kept < _variablesAtFirst.Length && variable == _variablesAtFirst[kept])
                kept++;
            else
                _left.Add(name);
        }

        foreach (string name in _left)
            _variables.Remove(name);
        _left.Clear();
        return kept == _variablesAtFirst.Length;
    }

    private static IEnumerable<Expression> Tables(Expression scope) =>
        s_tableNames.Select(name => Member(scope, name))
            .Concat<Expression>(s_driveTables.Select(name => Call(scope, name)))
            .Select(table => Expression.Convert(table, typeof(ICollection)));

    private static Func<object, T> Of<T>(Type scope, Func<Expression, Expression> get)
    {
        ParameterExpression given = Expression.Parameter(typeof(object));
        return Expression.Lambda<Func<object, T>>(get(Expression.Convert(given, scope)), given).Compile();
    }

    private static MemberExpression Member(Expression of, string name) => of.Type.GetField(name, Inner) is { } field
        ? Expression.Field(of, field)
        : Expression.Property(of, of.Type.GetProperty(name, Inner) ?? throw new InvalidOperationException(name));

    private static MethodCallExpression Call(Expression of, string name) =>
        Expression.Call(of, of.Type.GetMethod(name, Inner, []) ?? throw new InvalidOperationException(name));
}
