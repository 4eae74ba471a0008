using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;

namespace TwistedPS.Scripting;

/// <summary>
/// The way of values into the scripts of one scope. Scriptblocks, also those in tables and lists, become ones that run where
/// the scripts do; what has none in it is the same object as in the session.
/// </summary>
/// <param name="leaveSession">Whether the scripts run in another runspace.</param>
internal sealed class ScriptValues(bool leaveSession)
{
    private const int DeepestLevel = 16;

    private readonly Dictionary<object, object> _carried = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> _warnings = [];

    /// <summary>Whether the scripts run in another runspace.</summary>
    public bool LeaveSession => leaveSession;

    /// <summary>Removes and returns the warnings about values.</summary>
    public string[] DrainWarnings()
    {
        string[] drained = [.. _warnings.Distinct()];
        _warnings.Clear();
        return drained;
    }

    /// <summary>Returns what a script gets for a value of the session. On the session's thread.</summary>
    /// <param name="value">The value.</param>
    /// <param name="session">The session state in which its scriptblocks look up <c>$using:</c> variables.</param>
    /// <param name="name">Its name, for warnings.</param>
    public object? Carry(object? value, SessionState session, string name)
    {
        if (leaveSession && Find(value, DeepestLevel, it => ScriptClass.IsBound(it.GetType())) is { } bound)
            _warnings.Add(ScriptClass.Warning(bound.GetType(), name));
        return Copy(value, session);
    }

    private object? Copy(object? value, SessionState session)
    {
        object? bare = Bare(value);
        if (bare is null || Find(bare, DeepestLevel, NeedsCopy) is null)
            return value;
        return _carried.TryGetValue(bare, out object? carried) ? carried : bare switch
        {
            ScriptBlock script => Rebuild(script, session),
            IDictionary table => Fill(table, session),
            Array array => Fill(array, session),
            IList list => Fill(list, session),
            _ => Fill((PSObject)bare, session),
        };
    }

    private bool NeedsCopy(object item) => item is ScriptBlock script && (leaveSession || UsingVariables.AreIn(script.Ast));

    private ScriptBlock Rebuild(ScriptBlock script, SessionState session)
    {
        // One that gets itself would have no end.
        _carried[script] = script;
        ScriptBlock rebuilt = ScriptText.Capture(script, session, this)
            .Rebuild(built => leaveSession ? built : BoundScript.Like(session, built, script) ?? built);
        _carried[script] = rebuilt;
        return rebuilt;
    }

    private IDictionary Fill(IDictionary table, SessionState session)
    {
        IDictionary copy = table switch
        {
            Hashtable hashtable => (IDictionary)hashtable.Clone(),
            OrderedDictionary => new OrderedDictionary(StringComparer.OrdinalIgnoreCase),
            _ => (IDictionary)Activator.CreateInstance(table.GetType(), table.GetType().GetProperty(nameof(Dictionary<int, int>.Comparer))!.GetValue(table))!,
        };
        _carried[table] = copy;
        foreach (DictionaryEntry entry in EntriesOf(table))
            copy[entry.Key] = Copy(entry.Value, session);
        return copy;
    }

    private Array Fill(Array array, SessionState session)
    {
        var copy = (Array)array.Clone();
        _carried[array] = copy;
        for (int i = 0; i < copy.Length; i++)
            copy.SetValue(Copy(copy.GetValue(i), session), i);
        return copy;
    }

    private IList Fill(IList list, SessionState session)
    {
        var copy = (IList)Activator.CreateInstance(list.GetType())!;
        _carried[list] = copy;
        foreach (object? item in list)
            copy.Add(Copy(item, session));
        return copy;
    }

    private PSObject Fill(PSObject item, SessionState session)
    {
        PSObject copy = item.Copy();
        _carried[item] = copy;
        foreach (PSNoteProperty property in copy.Properties.OfType<PSNoteProperty>())
            property.Value = Copy(property.Value, session);
        return copy;
    }

    private static object? Find(object? value, int levels, Func<object, bool> isMatch)
    {
        object? bare = Bare(value);
        if (bare is null or string || levels == 0)
            return null;
        return isMatch(bare) ? bare : ItemsOf(bare).Select(item => Find(item, levels - 1, isMatch)).FirstOrDefault(found => found is not null);
    }

    private static IEnumerable<object?> ItemsOf(object bare) => bare switch
    {
        IDictionary table when IsKnown(table) => EntriesOf(table).Select(entry => entry.Value),
        Array { Rank: 1 } array when !IsPlain(array.GetType().GetElementType()!) => array.Cast<object?>(),
        IList list and not Array when IsKnown(list) => list.Cast<object?>(),
        PSObject custom => custom.Properties.OfType<PSNoteProperty>().Select(property => property.Value),
        _ => [],
    };

    /// <summary>Another session may change it meanwhile, if it is made for that, and locks it then.</summary>
    private static List<DictionaryEntry> EntriesOf(IDictionary table)
    {
        List<DictionaryEntry> entries = [];
        lock (table.SyncRoot)
        {
            foreach (DictionaryEntry entry in table)
                entries.Add(entry);
        }

        return entries;
    }

    private static bool IsKnown(object collection) => collection is Hashtable or OrderedDictionary or ArrayList
        || (collection.GetType() is { IsGenericType: true } type
            && (type.GetGenericTypeDefinition() == typeof(List<>) || type.GetGenericTypeDefinition() == typeof(Dictionary<,>))
            && !IsPlain(type.GenericTypeArguments[^1]));

    private static bool IsPlain(Type type) => type.IsPrimitive || type == typeof(string);

    private static object? Bare(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
}
