using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TwistedPS.Tests;

/// <summary>Which folders of a project's sources refer to which, by the types that they name.</summary>
internal sealed class FolderReferences
{
    private readonly string _root;
    private readonly string _rootName;
    private readonly SyntaxNode[] _files;
    private readonly ILookup<string, string> _folders;

    /// <param name="root">The folder of the project.</param>
    /// <param name="rootName">The name of what lies there itself.</param>
    public FolderReferences(string root, string rootName)
    {
        _root = root;
        _rootName = rootName;
        var options = new CSharpParseOptions(LanguageVersion.CSharp12, DocumentationMode.None);
        _files = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(root, file).StartsWith("obj", StringComparison.Ordinal))
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file).GetRoot())
            .ToArray();
        _folders = _files
            .SelectMany(file => file.DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
            .Where(type => type.Parent is BaseNamespaceDeclarationSyntax)
            .ToLookup(type => type.Identifier.Text, type => FolderOf(type));
    }

    /// <summary>The folders, each with those that it refers to, as <c>Folder: One, Other</c>.</summary>
    public IEnumerable<string> Find() => _files
        .GroupBy(FolderOf, StringComparer.Ordinal)
        .OrderBy(folder => folder.Key, StringComparer.Ordinal)
        .Select(folder => $"{folder.Key}: {string.Join(", ", UsedBy(folder).Where(used => used != folder.Key))}");

    private SortedSet<string> UsedBy(IEnumerable<SyntaxNode> files) => new(
        files.SelectMany(file => file.DescendantNodes().OfType<SimpleNameSyntax>()).Where(IsNoMember).SelectMany(Folders), StringComparer.Ordinal);

    // A name that several folders have is one of the own folder or, if it has none, of any.
    private IEnumerable<string> Folders(SimpleNameSyntax name)
    {
        IEnumerable<string> all = _folders[name.Identifier.Text];
        return all.Contains(FolderOf(name)) ? [] : all;
    }

    private static bool IsNoMember(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Expression == name,
        MemberBindingExpressionSyntax or NameColonSyntax => false,
        AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } assignment => assignment.Left != name,
        _ => true,
    };

    private string FolderOf(SyntaxNode node)
    {
        string folder = Path.GetRelativePath(_root, Path.GetDirectoryName(node.SyntaxTree.FilePath)!);
        return folder == "." ? _rootName : folder.Split(Path.DirectorySeparatorChar)[0];
    }
}
