using System.Runtime.CompilerServices;

namespace TwistedPS.Tests;

/// <summary>
/// Checks the tables of docs/architecture.md, which list the references between folders, against the sources.
/// </summary>
public sealed class LayersTests
{
    [Theory]
    [InlineData("TwistedPS.Engine", "Reactor")]
    [InlineData("TwistedPS", "Errors")]
    public void Folders_use_those_that_the_page_says(string project, string rootName)
    {
        IEnumerable<string> found = new FolderReferences(InRepository($"src/{project}"), rootName).Find();
        Assert.Equal(string.Join('\n', Table(project)), string.Join('\n', found));
    }

    private static IEnumerable<string> Table(string project) => File.ReadLines(InRepository("docs/architecture.md"))
        .SkipWhile(line => line != $"## The folders of {project}")
        .SkipWhile(line => !line.StartsWith("|---", StringComparison.Ordinal))
        .Skip(1)
        .TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Select(cells => $"{cells[1].Trim('`', '/')}: {cells[2].Replace("`", "", StringComparison.Ordinal).Replace("nothing", "", StringComparison.Ordinal)}")
        .Order(StringComparer.Ordinal);

    private static string InRepository(string path, [CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../..", path));
}
