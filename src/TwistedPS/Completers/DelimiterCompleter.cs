namespace TwistedPS.Completers;

/// <summary>A completer of the delimiters that have a name.</summary>
public sealed class DelimiterCompleter : CandidateCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates =>
        [
            ("Auto", "LF or CRLF in, CRLF out"),
            ("LF", "LF both ways"),
            ("CRLF", "CRLF both ways"),
            ("CR", "CR both ways"),
            ("NUL", "A zero byte both ways"),
        ];
}
