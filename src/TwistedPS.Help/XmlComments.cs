using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TwistedPS.Help;

/// <summary>The comments of the sources, as the compiler has written them to files of XML.</summary>
internal sealed partial class XmlComments(IEnumerable<string> files)
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly Dictionary<string, XElement> _members = files
        .SelectMany(file => XDocument.Load(file, LoadOptions.PreserveWhitespace).Descendants("member"))
        .DistinctBy(member => member.Attribute("name")!.Value)
        .ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>Returns the paragraphs of a tag in a comment; for one without it, those of the base that it inherits them from.</summary>
    public string[] Read(MemberInfo member, string tag) => Sources(member)
        .Select(source => _members.GetValueOrDefault(IdOf(source))?.Element(tag))
        .OfType<XElement>()
        .Select(Paragraphs)
        .FirstOrDefault() ?? [];

    private static IEnumerable<MemberInfo> Sources(MemberInfo member)
    {
        if (member is not PropertyInfo { DeclaringType: { } type })
            return [member];
        List<Type> types = [];
        for (Type? next = type; next is not null; next = next.BaseType)
            types.Add(next);
        return types.Concat(type.GetInterfaces()).Select(source => source.GetProperty(member.Name, Declared)).OfType<PropertyInfo>();
    }

    private static string IdOf(MemberInfo member) => member switch
    {
        Type { IsConstructedGenericType: true } type => IdOf(type.GetGenericTypeDefinition()),
        Type type => $"T:{type.FullName!.Replace('+', '.')}",
        _ => $"{member.MemberType.ToString()[0]}:{IdOf(member.DeclaringType!)[2..]}.{member.Name}",
    };

    private static string[] Paragraphs(XElement comment) =>
        Words(comment).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Words(XElement element) => string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => WhiteSpace().Replace(text.Value, " "),
        XElement { Name.LocalName: "para" or "item" } paragraph => $"\n{Words(paragraph)}\n",
        XElement { IsEmpty: true } reference => NameOf(reference.FirstAttribute?.Value ?? ""),
        XElement other => Words(other),
        _ => "",
    }));

    // A type is T:TwistedPS.LineServer, a member M:TwistedPS.Connection.Send(System.String).
    private static string NameOf(string reference)
    {
        string[] names = reference.Split('(', '`')[0].Split('.');
        return reference.StartsWith("T:", StringComparison.Ordinal) ? names[^1] : string.Join('.', names.TakeLast(2));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
