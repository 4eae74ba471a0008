using System.Management.Automation;
using System.Xml.Linq;

namespace TwistedPS.Help;

/// <summary>Help in the language that PowerShell reads it in.</summary>
internal static class Maml
{
    private static readonly XNamespace s_items = "http://msh";
    private static readonly XNamespace s_maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace s_command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace s_dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static XDocument Document(IEnumerable<XElement> commands) => new(new XElement(
        s_items + "helpItems",
        new XAttribute("schema", "maml"),
        new XAttribute(XNamespace.Xmlns + "maml", s_maml),
        new XAttribute(XNamespace.Xmlns + "command", s_command),
        new XAttribute(XNamespace.Xmlns + "dev", s_dev),
        commands));

    public static XElement Command(CmdletHelp cmdlet, Page page) => new(
        s_command + "command",
        new XElement(
            s_command + "details",
            new XElement(s_command + "name", cmdlet.Name),
            new XElement(s_command + "verb", cmdlet.Verb),
            new XElement(s_command + "noun", cmdlet.Noun),
            Text(s_maml + "description", [string.Join(' ', cmdlet.Synopsis)])),
        Text(s_maml + "description", cmdlet.Description),
        new XElement(s_command + "syntax", cmdlet.Sets.Select(set => SyntaxOf(cmdlet, set))),
        new XElement(s_command + "parameters", cmdlet.Parameters.Select(Parameter)),
        new XElement(s_command + "inputTypes", Types(s_command + "inputType", cmdlet.Inputs, "Nothing can be piped to this cmdlet.")),
        new XElement(s_command + "returnValues", Types(s_command + "returnValue", cmdlet.Outputs, "This cmdlet outputs nothing.")),
        new XElement(s_maml + "alertSet", Text(s_maml + "alert", page.Notes)),
        new XElement(s_command + "examples", page.Examples.Select((example, index) => ExampleOf(example, index + 1))),
        new XElement(s_command + "relatedLinks", LinksOf(cmdlet, page)));

    private static XElement SyntaxOf(CmdletHelp cmdlet, string? set) => new(
        s_command + "syntaxItem",
        new XElement(s_maml + "name", cmdlet.Name),
        cmdlet.Parameters
            .Where(parameter => parameter.In(set) is not null)
            .OrderBy(parameter => parameter.In(set)!.Position ?? int.MaxValue)
            .ThenBy(parameter => !parameter.In(set)!.IsMandatory)
            .Select(parameter => new XElement(
                s_command + "parameter",
                new XAttribute("required", parameter.In(set)!.IsMandatory),
                new XAttribute("position", $"{parameter.In(set)!.Position}" is { Length: > 0 } position ? position : "named"),
                new XElement(s_maml + "name", parameter.Name),
                ValueOf(parameter))));

    private static XElement? ValueOf(ParameterHelp parameter)
    {
        if (parameter.Type == typeof(SwitchParameter))
            return null;
        return parameter.Values.Length > 0
            ? new XElement(s_command + "parameterValueGroup", parameter.Values.Select(value => new XElement(s_command + "parameterValue", value.Name)))
            : new XElement(s_command + "parameterValue", parameter.Type.Name);
    }

    private static XElement Parameter(ParameterHelp parameter) => new(
        s_command + "parameter",
        new XAttribute("required", parameter.IsMandatory),
        new XAttribute("globbing", parameter.HasWildcards),
        new XAttribute("pipelineInput", parameter.PipelineInput),
        new XAttribute("position", parameter.Position),
        new XAttribute("aliases", parameter.Aliases.Length > 0 ? string.Join(", ", parameter.Aliases) : "none"),
        new XElement(s_maml + "name", parameter.Name),
        Text(s_maml + "description", parameter.Description),
        new XElement(
            s_command + "parameterValue",
            new XAttribute("required", parameter.Type != typeof(SwitchParameter)),
            parameter.Type.Name),
        TypeOf(parameter.Type.FullName!),
        new XElement(s_dev + "defaultValue", parameter.Default),
        parameter.Values.Any(value => value.Description.Length > 0) ? new XElement(s_dev + "possibleValues", parameter.Values.Select(PossibleValue)) : null);

    private static XElement PossibleValue(NamedHelp value) => new(
        s_dev + "possibleValue",
        new XElement(s_dev + "value", value.Name),
        Text(s_maml + "description", value.Description));

    private static IEnumerable<XElement> Types(XName name, NamedHelp[] types, string none) => types
        .DefaultIfEmpty(new NamedHelp("None", [none]))
        .Select(type => new XElement(name, TypeOf(type.Name), Text(s_maml + "description", type.Description)));

    private static XElement TypeOf(string name) => new(s_dev + "type", new XElement(s_maml + "name", name));

    // An empty paragraph keeps the next example apart.
    private static XElement ExampleOf(Example example, int number) => new(
        s_command + "example",
        new XElement(s_maml + "title", $"------- Example {number}: {example.Title} -------"),
        Text(s_maml + "introduction", example.Introduction),
        new XElement(s_dev + "code", string.Join("\n\n", example.Code)),
        Text(s_dev + "remarks", [.. example.Remarks, ""]));

    // Get-Help -Online opens the first link.
    private static IEnumerable<XElement> LinksOf(CmdletHelp cmdlet, Page page)
    {
        if (cmdlet.Uri is null)
            return [];
        var place = new Uri(cmdlet.Uri);
        return page.Links
            .Select(link => LinkTo(link.Text, link.IsHelp ? "" : $"{new Uri(place, link.Url)}"))
            .Prepend(LinkTo("Online version:", cmdlet.Uri));
    }

    private static XElement LinkTo(string text, string uri) =>
        new(s_maml + "navigationLink", new XElement(s_maml + "linkText", text), new XElement(s_maml + "uri", uri));

    private static XElement Text(XName name, IEnumerable<string> paragraphs) =>
        new(name, paragraphs.Select(paragraph => new XElement(s_maml + "para", paragraph)));
}
