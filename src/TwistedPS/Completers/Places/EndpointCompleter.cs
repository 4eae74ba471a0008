using System.Management.Automation;
using TwistedPS.Engine.Addresses;

namespace TwistedPS.Completers;

/// <summary>A completer of places: hosts and ports, and endpoint strings with the paths of UNIX sockets and the names of arguments.</summary>
public abstract class EndpointCompleter : CandidateCompleter
{
    private readonly IReadOnlyList<EndpointSyntax> _syntaxes;

    private protected EndpointCompleter(IReadOnlyList<EndpointSyntax> syntaxes) => _syntaxes = syntaxes;

    /// <summary>The places without a colon.</summary>
    internal abstract IEnumerable<(string Text, string Description)> Plain { get; }

    /// <summary>The hosts within a place.</summary>
    internal abstract IEnumerable<(string Text, string Description)> Hosts { get; }

    /// <summary>The ports within a place.</summary>
    internal abstract IEnumerable<(string Text, string Description)> Ports { get; }

    internal override IEnumerable<(string Text, string Description)> Candidates =>
    [
        .. Plain,
        .. _syntaxes.Select(syntax => ($"{syntax.Prefix}:", $"{syntax.Prefix}:{string.Join(':', syntax.Positional.Take(syntax.Required))}")),
    ];

    internal override IEnumerable<(string Text, string Description)> CandidatesFor(string word)
    {
        string prefix = word[..Math.Max(word.IndexOf(':'), 0)];
        EndpointSyntax? syntax = _syntaxes.FirstOrDefault(it => it.Prefix.Equals(prefix, StringComparison.OrdinalIgnoreCase));
        if (syntax is null)
            return word.Contains(':') ? After(word, Ports) : word.Length > 0 && word.All(char.IsAsciiDigit) ? Ports : Candidates;
        string rest = word[(prefix.Length + 1)..];
        return syntax.Kind == EndpointKind.Unix && !rest.Contains(':') ? Paths($"{prefix}:", rest) : Arguments(syntax, word);
    }

    private static IEnumerable<(string Text, string Description)> Paths(string prefix, string path) =>
        from found in CompletionCompleters.CompleteFilename(path)
        let text = WildcardPattern.Unescape(found.CompletionText.Trim('\'', '"'))
        let name = text.StartsWith("./", StringComparison.Ordinal) && !path.StartsWith('.') ? text[2..] : text
        select (prefix + name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal), found.ToolTip);

    private IEnumerable<(string Text, string Description)> Arguments(EndpointSyntax syntax, string word)
    {
        string before = word[..(word.LastIndexOf(':') + 1)];
        string[] given = [.. before.Split(':').Skip(1).Where(it => it.Length > 0)];

        // The first arguments are written without their names.
        if (given.Length < syntax.Required)
            return After(before, syntax.Positional[given.Length] == "host" ? Hosts : Ports);
        return syntax.Names
            .Where(name => !syntax.Positional.Take(syntax.Required).Contains(name) && !given.Any(it => it.StartsWith($"{name}=", StringComparison.OrdinalIgnoreCase)))
            .Select(name => ($"{before}{name}=", name));
    }

    // A colon within a value would have to be escaped.
    private static IEnumerable<(string Text, string Description)> After(string word, IEnumerable<(string Text, string Description)> candidates) =>
        from candidate in candidates
        where !candidate.Text.Contains(':')
        select (word[..(word.LastIndexOf(':') + 1)] + candidate.Text, candidate.Description);
}
