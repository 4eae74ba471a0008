namespace TwistedPS.Completers;

/// <summary>A completer of the methods of HTTP.</summary>
public sealed class HttpMethodCompleter : CandidateCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates =>
        [
            ("GET", "Reads"),
            ("HEAD", "Reads the headers alone"),
            ("POST", "Adds, or does something"),
            ("PUT", "Replaces"),
            ("PATCH", "Changes"),
            ("DELETE", "Removes"),
            ("OPTIONS", "Asks what is possible"),
        ];
}
