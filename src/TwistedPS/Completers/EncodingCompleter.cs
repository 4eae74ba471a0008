namespace TwistedPS.Completers;

/// <summary>A completer of the usual encodings.</summary>
public sealed class EncodingCompleter : CandidateCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates =>
        [
            ("utf8", "UTF-8 without a byte order mark"),
            ("ascii", "ASCII"),
            ("latin1", "ISO 8859-1"),
        ];
}
