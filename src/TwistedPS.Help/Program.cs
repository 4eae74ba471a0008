using System.Reflection;
using System.Xml.Linq;
using TwistedPS.Help;

if (args is not [string assembly, string pages, string file])
{
    Console.Error.WriteLine("Usage: TwistedPS.Help <assembly of the module> <folder of the cmdlets' pages> <file to write>");
    return 1;
}

Assembly module = Assembly.LoadFrom(Path.GetFullPath(assembly));
var comments = new XmlComments(Directory.GetFiles(Path.GetDirectoryName(module.Location)!, "TwistedPS*.xml"));
IEnumerable<XElement> commands = module.GetExportedTypes()
    .Select(new CmdletReader(comments).TryRead)
    .OfType<CmdletHelp>()
    .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal)
    .Select(cmdlet => Maml.Command(cmdlet, Page.Read(Path.Combine(pages, $"{cmdlet.Name}.md"))));
Maml.Document(commands).Save(file);
return 0;
