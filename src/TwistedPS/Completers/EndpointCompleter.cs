using System.Management.Automation;
using TwistedPS.Engine.Addresses;

namespace TwistedPS.Completers;

/// <summary>A completer of endpoint strings: their prefixes, the paths of UNIX sockets, and the names of arguments.</summary>
public abstract class EndpointCompleter : CandidateCompleter
{
    private readonly IReadOnlyList<EndpointSyntax> _syntaxes;

    private protected EndpointCompleter(IReadOnlyList<EndpointSyntax> syntaxes) => _syntaxes = syntaxes;

    internal override IEnumerable<(string Text, string Description)> Candidates =>
        _syntaxes.Select(syntax => ($"{syntax.Prefix}:", $"{syntax.Prefix}:{string.Join(':', syntax.Positional.Take(syntax.Required))}"));

    internal override IEnumerable<(string Text, string Description)> CandidatesFor(string word)
    {
        string prefix = word[..Math.Max(word.IndexOf(':'), 0)];
        EndpointSyntax? syntax = _syntaxes.FirstOrDefault(it => it.Prefix.Equals(prefix, StringComparison.OrdinalIgnoreCase));
        if (syntax is null)
            return Candidates;
        string rest = word[(prefix.Length + 1)..];
        return syntax.Kind == EndpointKind.Unix && !rest.Contains(':') ? Paths($"{prefix}:", rest) : Names(syntax, word);
    }

    private static IEnumerable<(string Text, string Description)> Paths(string prefix, string path) =>
        from found in CompletionCompleters.CompleteFilename(path)
        let text = found.CompletionText.Trim('\'', '"')
        let name = text.StartsWith("./", StringComparison.Ordinal) && !path.StartsWith('.') ? text[2..] : text
        select (prefix + name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal), found.ToolTip);

    private static IEnumerable<(string Text, string Description)> Names(EndpointSyntax syntax, string word)
    {
        int last = word.LastIndexOf(':');
        string before = word[..(last + 1)];
        string[] given = [.. before.Split(':').Skip(1).Where(it => it.Length > 0)];

        // The first arguments are written without their names.
        if (given.Length < syntax.Required)
            return [];
        return syntax.Names
            .Where(name => !syntax.Positional.Take(syntax.Required).Contains(name) && !given.Any(it => it.StartsWith($"{name}=", StringComparison.OrdinalIgnoreCase)))
            .Select(name => ($"{before}{name}=", name));
    }
}
