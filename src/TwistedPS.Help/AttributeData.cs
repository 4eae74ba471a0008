using System.Collections.ObjectModel;
using System.Reflection;

namespace TwistedPS.Help;

/// <summary>Attributes as they are written: PowerShell's reference assembly, which stands in for it here, keeps no values.</summary>
internal static class AttributeData
{
    public static IEnumerable<CustomAttributeData> Declared<T>(this MemberInfo member)
        where T : Attribute => member.GetCustomAttributesData().Where(data => data.AttributeType.IsAssignableTo(typeof(T)));

    public static T? Named<T>(this CustomAttributeData data, string name) =>
        data.NamedArguments.FirstOrDefault(argument => argument.MemberName == name).TypedValue.Value is T value ? value : default;

    /// <summary>The arguments of the constructor, those of an array each by itself.</summary>
    public static object?[] Arguments(this CustomAttributeData data) => data.ConstructorArguments
        .SelectMany(argument => argument.Value is ReadOnlyCollection<CustomAttributeTypedArgument> many ? many.Select(item => item.Value) : [argument.Value])
        .ToArray();
}
