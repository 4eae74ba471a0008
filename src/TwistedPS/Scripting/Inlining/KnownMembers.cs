using System.Collections;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace TwistedPS.Scripting.Inlining;

/// <summary>The members of which it is sure that no script runs when they are used: those of .NET that <c>Update-TypeData</c> has not replaced.</summary>
internal static class KnownMembers
{
    private static readonly object[] s_plain = ["", 0, Array.Empty<string>()];
    private static readonly Hashtable s_table = [];

    /// <summary>Whether a type has such a member. On the reactor's thread, whose runspace has the type data.</summary>
    public static bool Has(Type type, string member) =>
        MemberOf(RuntimeHelpers.GetUninitializedObject(type), member) is PSProperty or PSMethod;

    /// <summary>Whether a type has such a property, and its values are text or numbers.</summary>
    public static bool GivesPlain(Type type, string member) => Has(type, member) && type.GetProperties()
        .Where(property => property.Name.Equals(member, StringComparison.OrdinalIgnoreCase))
        .Select(property => property.PropertyType)
        .DefaultIfEmpty(typeof(object))
        .All(given => given.IsPrimitive || given.IsEnum || given == typeof(string));

    /// <summary>Whether text, a number or an array of them has no script of a name.</summary>
    public static bool IsPlain(string member) => Array.TrueForAll(s_plain, sample => !IsScript(sample, member));

    /// <summary>Whether a hashtable has no script of a name; what it has no member for is a key.</summary>
    public static bool IsTable(string member) => !IsScript(s_table, member);

    private static bool IsScript(object sample, string member) => MemberOf(sample, member) switch
    {
        PSScriptProperty or PSScriptMethod => true,
        PSAliasProperty alias => IsScript(sample, alias.ReferencedMemberName),
        _ => false,
    };

    private static PSMemberInfo? MemberOf(object sample, string member) => PSObject.AsPSObject(sample).Members[member];
}
