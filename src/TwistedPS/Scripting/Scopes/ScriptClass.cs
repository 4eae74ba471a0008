using System.Reflection;

namespace TwistedPS.Scripting;

/// <summary>A class defined in a script, whose methods PowerShell runs in the session that has defined it.</summary>
internal static class ScriptClass
{
    private const string Assembly = "PowerShell Class Assembly";
    private const string Free = "NoRunspaceAffinityAttribute";
    private const BindingFlags Own =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Whether a type has methods that run in their session only.</summary>
    public static bool IsBound(Type type) => IsOfScript(type)
        && ((!type.CustomAttributes.Any(it => it.AttributeType.Name == Free) && type.GetMethods(Own).Any(method => !method.IsSpecialName))
            || (type.BaseType is { } parent && IsBound(parent)));

    /// <summary>Whether a type is defined in a script.</summary>
    public static bool IsOfScript(Type type) => type.Assembly.IsDynamic && type.Assembly.GetName().Name == Assembly;

    /// <summary>Returns the warning about an instance in a handler.</summary>
    public static string Warning(Type type, string name) =>
        $"${name} has a [{type.Name}], whose methods run in the session that defines the class, and wait until that is at rest or in a cmdlet"
        + " of this module. Put [NoRunspaceAffinity()] before the class, or define it in -InitializationScript.";
}
