using TwistedPS.Scripting;

namespace TwistedPS.Completers;

/// <summary>Completes the addresses that are the same everywhere.</summary>
public sealed class AddressCompleter : AliveCompleter
{
    internal override IEnumerable<(string Text, string Description)> Candidates(Session session) =>
        [
            ("127.0.0.1", "This machine only"),
            ("::1", "This machine only, IPv6"),
            ("0.0.0.0", "All IPv4 addresses"),
            ("*", "All addresses, IPv4 and IPv6"),
        ];
}
