namespace TwistedPS.Completers;

/// <summary>Completes the addresses that are the same everywhere.</summary>
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
