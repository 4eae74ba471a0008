namespace TwistedPS.Completers;

/// <summary>A completer of the well-known local addresses.</summary>
public sealed class AddressCompleter : CandidateCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates =>
        [
            ("127.0.0.1", "This machine only"),
            ("::1", "This machine only, IPv6"),
            ("0.0.0.0", "All IPv4 addresses"),
            ("*", "All addresses, IPv4 and IPv6"),
        ];
}
