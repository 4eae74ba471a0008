using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TwistedPS.Tests;

/// <summary>
/// The references between the folders of a project's sources, by the types that they name and whose members they use.
/// </summary>
internal sealed class FolderReferences
{
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Threading; global using System.Threading.Tasks;
        """;

    private readonly string _root;
    private readonly CSharpCompilation _compilation;

    /// <param name="root">The folder of the project.</param>
    /// <param name="references">The assemblies that it references, besides those of .NET.</param>
    public FolderReferences(string root, params string[] references)
    {
        _root = root;
        var options = new CSharpParseOptions(LanguageVersion.CSharp12, DocumentationMode.None);
        IEnumerable<SyntaxTree> trees = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(file => !FolderOf(file).StartsWith("obj", StringComparison.Ordinal))
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file))
            .Append(CSharpSyntaxTree.ParseText(ImplicitUsings, options));
        string[] assemblies = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator), .. references];
        _compilation = CSharpCompilation.Create(
            "TwistedPS", trees, assemblies.Select(assembly => MetadataReference.CreateFromFile(assembly)));
    }

    /// <summary>
    /// Returns the folders, each with those that it refers to; the root itself is named <paramref name="rootName"/>.
    /// </summary>
    public SortedDictionary<string, SortedSet<string>> Find(string rootName)
    {
        var found = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach ((string from, string to) in _compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0).SelectMany(References))
        {
            if (!found.TryGetValue(from, out SortedSet<string>? targets))
                found[from] = targets = new SortedSet<string>(StringComparer.Ordinal);
            if (from != to)
                targets.Add(to);
        }

        return found;

        IEnumerable<(string From, string To)> References(SyntaxTree tree) => Targets(tree)
            .Select(file => (Named(FolderOf(tree.FilePath)), Named(FolderOf(file))));

        string Named(string folder) => folder.Length == 0 ? rootName : folder;
    }

    /// <summary>Returns the references from files of one folder to files of another, for a message.</summary>
    public IEnumerable<string> FilesBetween(string user, string used, string rootName)
    {
        return _compilation.SyntaxTrees
            .Where(tree => tree.FilePath.Length > 0 && FolderOf(tree.FilePath) == Folder(user))
            .SelectMany(tree => Targets(tree)
                .Where(file => FolderOf(file) == Folder(used))
                .Select(file => $"{Path.GetFileName(tree.FilePath)} -> {Path.GetFileName(file)}"))
            .Distinct();

        string Folder(string name) => name == rootName ? "" : name;
    }

    private IEnumerable<string> Targets(SyntaxTree tree)
    {
        SemanticModel model = _compilation.GetSemanticModel(tree);
        return tree.GetRoot().DescendantNodes()
            .Where(node => node is SimpleNameSyntax or BaseObjectCreationExpressionSyntax)
            .Select(node => model.GetSymbolInfo(node).Symbol)
            .Select(symbol => symbol as INamedTypeSymbol ?? symbol?.ContainingType)
            .SelectMany(type => type?.OriginalDefinition.Locations.Take(1) ?? [])
            .Where(location => location.SourceTree is not null)
            .Select(location => location.SourceTree!.FilePath);
    }

    private string FolderOf(string file)
    {
        string folder = Path.GetRelativePath(_root, Path.GetDirectoryName(file)!);
        return folder == "." ? "" : folder.Split(Path.DirectorySeparatorChar)[0];
    }
}
