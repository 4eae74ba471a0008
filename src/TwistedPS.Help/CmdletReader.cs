using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Text;

namespace TwistedPS.Help;

/// <summary>Reads what the classes of cmdlets declare and what their comments say.</summary>
internal sealed class CmdletReader(XmlComments comments)
{
    private static readonly ParameterHelp[] s_shouldProcess =
    [
        new("Confirm", typeof(SwitchParameter), ["Asks before each action."]) { Aliases = ["cf"], Default = "False" },
        new("WhatIf", typeof(SwitchParameter), ["Says what would be done, and does nothing."]) { Aliases = ["wi"], Default = "False" },
    ];

    /// <summary>Reads a type; null if it is no cmdlet.</summary>
    public CmdletHelp? TryRead(Type type)
    {
        if (type.Declared<CmdletAttribute>().SingleOrDefault() is not { } cmdlet)
            return null;
        object created = Activator.CreateInstance(type)!;
        ParameterHelp[] parameters = [.. type.GetProperties()
            .Where(property => property.Declared<ParameterAttribute>().Any())
            .Select(property => Read(property, created))
            .Concat(cmdlet.Named<bool>(nameof(CmdletAttribute.SupportsShouldProcess)) ? s_shouldProcess : [])
            .OrderBy(parameter => parameter.Uses.Min(use => use.Position ?? int.MaxValue))
            .ThenBy(parameter => !parameter.Uses.Any(use => use.IsMandatory))
            .ThenBy(parameter => parameter.Name, StringComparer.Ordinal)];
        string?[] sets = [.. parameters
            .SelectMany(parameter => parameter.Uses)
            .Select(use => use.Set)
            .Prepend(cmdlet.Named<string>(nameof(CmdletAttribute.DefaultParameterSetName)))
            .OfType<string>()
            .Distinct()];
        string[] synopsis = comments.Read(type, "summary");
        return new CmdletHelp(
            $"{cmdlet.Arguments()[0]}",
            $"{cmdlet.Arguments()[1]}",
            synopsis,
            comments.Read(type, "remarks") is { Length: > 0 } remarks ? remarks : synopsis,
            cmdlet.Named<string>(nameof(CmdletAttribute.HelpUri)))
        {
            Sets = sets.Length > 0 ? sets : [null],
            Parameters = parameters,
            Inputs = [.. parameters
                .Where(parameter => parameter.Uses.Any(use => use.FromPipeline))
                .Select(parameter => new NamedHelp(ItemOf(parameter.Type).FullName!, parameter.Description[..1]))],
            Outputs = [.. type.Declared<OutputTypeAttribute>()
                .SelectMany(output => output.Arguments())
                .Select(output => output is Type known ? new NamedHelp(known.FullName!, comments.Read(known, "summary")) : new NamedHelp($"{output}", []))],
        };
    }

    private ParameterHelp Read(PropertyInfo property, object cmdlet)
    {
        Type type = ShownAs(property.PropertyType);
        ParameterUse[] uses = [.. property.Declared<ParameterAttribute>().Select(UseOf)];
        IEnumerable<string> summary = comments.Read(property, "summary").Concat(property.GetCustomAttributesData().Select(Limits).OfType<string>());
        IEnumerable<string> accepted = property.Declared<ArgumentTransformationAttribute>()
            .SelectMany(transformation => comments.Read(transformation.AttributeType, "summary"));
        return new ParameterHelp(property.Name, type, [string.Join(' ', summary), .. accepted])
        {
            Aliases = [.. property.Declared<AliasAttribute>().SelectMany(alias => alias.Arguments()).Select(alias => $"{alias}")],
            Values = ValuesOf(property, ItemOf(type)),
            Default = uses.All(use => use.IsMandatory) ? "None" : TextOf(property.GetValue(cmdlet)),
            HasWildcards = property.Declared<SupportsWildcardsAttribute>().Any(),
            Uses = uses,
        };
    }

    private static ParameterUse UseOf(CustomAttributeData parameter) => new(
        parameter.Named<string>(nameof(ParameterAttribute.ParameterSetName)),
        parameter.Named<bool>(nameof(ParameterAttribute.Mandatory)),
        parameter.Named<int?>(nameof(ParameterAttribute.Position)),
        parameter.Named<bool>(nameof(ParameterAttribute.ValueFromPipeline)),
        parameter.Named<bool>(nameof(ParameterAttribute.ValueFromPipelineByPropertyName)));

    private static string? Limits(CustomAttributeData attribute) => (attribute.AttributeType.Name, attribute.Arguments()) switch
    {
        (nameof(ValidateRangeAttribute), [var least, int.MaxValue]) => $"At least {Limit(least)}.",
        (nameof(ValidateRangeAttribute), [var least, var most]) => $"From {Limit(least)} to {Limit(most)}.",
        (nameof(ValidateLengthAttribute), [var least, var most]) => $"From {Limit(least)} to {Limit(most)} characters.",
        _ => null,
    };

    private static string Limit(object? value) => string.Create(CultureInfo.InvariantCulture, $"{value}");

    private NamedHelp[] ValuesOf(PropertyInfo property, Type type)
    {
        if (property.Declared<ValidateSetAttribute>().SingleOrDefault() is { } set)
            return [.. set.Arguments().Select(value => new NamedHelp($"{value}", []))];
        return type.IsEnum
            ? [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(value => new NamedHelp(value.Name, comments.Read(value, "summary")))]
            : [];
    }

    // A live object may also be given by its number or name.
    private static Type ShownAs(Type type)
    {
        if (type.IsArray)
            return ShownAs(type.GetElementType()!).MakeArrayType();
        return type.IsConstructedGenericType && (type.Name == "Alive`1" || type.GetGenericTypeDefinition() == typeof(Nullable<>))
            ? type.GetGenericArguments()[0]
            : type;
    }

    private static Type ItemOf(Type type) => type.IsArray ? type.GetElementType()! : type;

    private static string TextOf(object? value) => value switch
    {
        null or "" or 0 => "None",
        SwitchParameter => "False",
        TimeSpan time => time == TimeSpan.Zero ? "None" : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s"),
        Encoding encoding => encoding.WebName,
        string text => text,
        IEnumerable many => string.Join(", ", many.Cast<object?>().Select(TextOf)) is { Length: > 0 } texts ? texts : "None",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };
}
